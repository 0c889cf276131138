import { Body, Controller, Headers, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiHeader, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { CaseRules } from '@ringside/casework';
import type { Clock } from '@ringside/core';
import type { EventLog } from '@ringside/event-log';
import { ApiProblems, Caller, CLOCK, EVENT_LOG, ProblemException, Roles, VIEW_STORE, type Identity } from '@ringside/platform';
import type { ViewStore } from '@ringside/view-store';

import { fingerprintOf } from '../casework/case-commands.js';
import { commandProblems } from '../casework/problems.js';
import { restoreStanding, type Restoration } from '../casework/restorations.js';
import { idempotencyKeyOf } from '../casework/sender.js';
import { SubscriberRuntime } from '../runtime.js';
import { ReasonBody } from './case-commands.dto.js';
import { PlayerParams } from './players.controller.js';
import { CASE_RULES } from './tokens.js';

class RestorationDto {
  @ApiProperty()
  playerId!: string;

  @ApiProperty({ enum: ['good'] })
  standing!: string;

  @ApiProperty({ description: 'The lead' })
  by!: string;

  @ApiProperty({ format: 'date-time' })
  at!: string;
}

/** What a lead says of a reporter. */
@ApiTags('casework')
@Controller('v1/players/:playerId')
export class RestorationsController {
  constructor(
    @Inject(SubscriberRuntime) private readonly runtime: SubscriberRuntime,
    @Inject(CASE_RULES) private readonly rules: CaseRules,
    @Inject(VIEW_STORE) private readonly store: ViewStore,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post('restore-standing')
  @HttpCode(202)
  @Roles('lead')
  @ApiOperation({
    operationId: 'restoreStanding',
    summary: 'Restores the standing of a reporter: what did not count because of it counts again.',
    description: 'For the role lead. The dossier and the cases show it in a moment.',
  })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'The same under the same key is said once and answered alike; anything else under it is refused with 409',
    schema: { type: 'string', minLength: 1, maxLength: 128, pattern: '^[\\x21-\\x7e]+$' },
  })
  @ApiAcceptedResponse({ type: RestorationDto })
  @ApiProblems(400, 409, 413, 415)
  async restore(
    @Param() { playerId }: PlayerParams,
    @Body() { reason }: ReasonBody,
    @Caller() identity: Identity,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<Restoration> {
    const { views, subscriber } = this.runtime;
    const { store, log, clock } = this;
    const outcome = await restoreStanding(
      { team: this.rules.team, service: subscriber.name, placement: subscriber.placement, views, store, log, clock },
      {
        ...{ playerId, reason, by: identity.sub, idempotencyKey: idempotencyKeyOf(key) },
        fingerprint: fingerprintOf(identity, { kind: 'restore_standing', playerId, reason }),
      },
    );
    if (outcome.ok) return outcome.value;
    throw outcome.error === 'key_reused'
      ? new ProblemException(commandProblems.keyReused, 'Give each request an Idempotency-Key of its own, or none.')
      : new ProblemException(
          commandProblems.wrongState,
          'This team has the reporter in good standing: there is nothing to restore.',
        );
  }
}
