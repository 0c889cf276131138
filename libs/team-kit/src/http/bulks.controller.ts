import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Res, type Type } from '@nestjs/common';
import { ApiAcceptedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { CaseRules } from '@ringside/casework';
import { isoTime, type Clock } from '@ringside/core';
import {
  ApiProblems,
  Caller,
  CLOCK,
  ProblemException,
  problems,
  RequestValidationPipe,
  Roles,
  type Identity,
} from '@ringside/platform';

import type { BulkCommand } from '../bulk/bulk-record.js';
import { Bulks, casesPerBulkMax, type BulkView } from '../bulk/bulks.js';
import { listCases } from '../case-queries.js';
import { idempotencyKeyOf } from '../casework/sender.js';
import { SubscriberRuntime } from '../runtime.js';
import { BulkBody, BulkDto, BulkParams, type BulkFilter } from './bulks.dto.js';
import { decisionOf } from './case-commands.controller.js';
import { DecideBody, HandOverBody, NoteBody, ReasonBody } from './case-commands.dto.js';
import { defaultStatus, statusesFor } from './cases.controller.js';
import { CASE_RULES } from './tokens.js';

class NothingMore {}

/** What a command of each kind says, and the DTO that it is validated with. */
const kinds: Readonly<Record<BulkCommand['kind'], Type>> = {
  claim: NothingMore,
  release: NothingMore,
  resume: NothingMore,
  hand_over: HandOverBody,
  hold: ReasonBody,
  escalate: ReasonBody,
  note: NoteBody,
  decide: DecideBody,
};

/** The same command to many cases. */
@ApiTags('casework')
@Controller('v1')
export class BulksController {
  private readonly validation = new RequestValidationPipe();

  constructor(
    @Inject(Bulks) private readonly bulks: Bulks,
    @Inject(SubscriberRuntime) private readonly runtime: SubscriberRuntime,
    @Inject(CASE_RULES) private readonly rules: CaseRules,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post('cases::bulk')
  @HttpCode(200)
  @Roles('case_worker', 'lead')
  @ApiOperation({
    operationId: 'requestBulk',
    summary: 'Gives a command to many cases: a dry run first. Above 50 cases somebody else has to approve.',
  })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'The same bulk under the same key is done once',
    schema: { type: 'string', minLength: 1, maxLength: 128, pattern: '^[\\x21-\\x7e]+$' },
  })
  @ApiOkResponse({ type: BulkDto })
  @ApiAcceptedResponse({ type: BulkDto, description: 'It waits for approval' })
  @ApiProblems(400, 409, 413, 415, 422)
  async request(
    @Body() body: BulkBody,
    @Caller() identity: Identity,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: { code(status: number): unknown },
  ): Promise<object> {
    const command = await this.commandOf(body.command);
    const caseIds = await this.caseIdsOf(body);
    const asked = { caseIds: body.caseIds, filter: body.filter };
    const request = { identity, idempotencyKey: idempotencyKeyOf(key), caseIds, command, asked };
    if (body.dryRun ?? true) {
      const results = await this.bulks.dryRun(request);
      return { state: 'dry_run', command, requestedBy: identity.sub, cases: caseIds.length, results };
    }
    const bulk = await this.bulks.request(request);
    if (bulk.state === 'pending_approval') reply.code(202);
    return bulk;
  }

  @Get('bulks/:bulkId')
  @ApiOperation({ operationId: 'getBulk', summary: 'How far a bulk is, and what became of each case.' })
  @ApiOkResponse({ type: BulkDto })
  @ApiProblems(404)
  get(@Param() { bulkId }: BulkParams): Promise<BulkView> {
    return this.bulks.view(bulkId);
  }

  @Post('bulks/:bulkId/approve')
  @HttpCode(202)
  @Roles('lead', 'approver')
  @ApiOperation({ operationId: 'approveBulk', summary: 'Lets a bulk begin. Not for whoever asked for it.' })
  @ApiAcceptedResponse({ type: BulkDto })
  @ApiProblems(404, 409)
  approve(@Param() { bulkId }: BulkParams, @Caller() identity: Identity): Promise<BulkView> {
    return this.bulks.approve(bulkId, identity);
  }

  @Post('bulks/:bulkId/reject')
  @HttpCode(200)
  @Roles('lead', 'approver')
  @ApiOperation({ operationId: 'rejectBulk', summary: 'Refuses a bulk that waits for approval: nothing of it is done.' })
  @ApiOkResponse({ type: BulkDto })
  @ApiProblems(400, 404, 409, 413, 415)
  reject(@Param() { bulkId }: BulkParams, @Body() { reason }: ReasonBody, @Caller() identity: Identity): Promise<BulkView> {
    return this.bulks.reject(bulkId, identity, reason);
  }

  @Post('bulks/:bulkId/undo')
  @HttpCode(202)
  @Roles('lead')
  @ApiOperation({
    operationId: 'undoBulk',
    summary: 'Takes back what a bulk did: claims, holds and decisions. Notes and the like stay.',
  })
  @ApiAcceptedResponse({ type: BulkDto })
  @ApiProblems(404, 409)
  undo(@Param() { bulkId }: BulkParams, @Caller() identity: Identity): Promise<BulkView> {
    return this.bulks.undo(bulkId, identity);
  }

  private async commandOf({ kind, ...fields }: Record<string, unknown>): Promise<BulkCommand> {
    if (typeof kind !== 'string' || !Object.hasOwn(kinds, kind)) {
      throw invalid('/command/kind', `must be one of ${Object.keys(kinds).join(', ')}`);
    }
    const metatype = kinds[kind as BulkCommand['kind']];
    try {
      const valid = (await this.validation.transform(fields, { type: 'body', metatype })) as object;
      if (kind === 'decide') return decisionOf(valid as DecideBody) as BulkCommand;
      return { kind, ...fields } as unknown as BulkCommand;
    } catch (error) {
      if (!(error instanceof ProblemException)) throw error;
      const errors = error.options.errors?.map((fault) => ({ ...fault, pointer: `/command${fault.pointer ?? ''}` }));
      throw new ProblemException(error.kind, error.detail, { ...error.options, ...(errors && { errors }) });
    }
  }

  private async caseIdsOf({ caseIds, filter }: BulkBody): Promise<readonly string[]> {
    if ((caseIds === undefined) === (filter === undefined)) throw invalid('', 'must have either caseIds or a filter');
    return caseIds ?? this.casesOf(filter!);
  }

  private async casesOf({ status, reason, game, assignee }: BulkFilter): Promise<readonly string[]> {
    const source = { views: this.runtime.views, rules: this.rules, at: isoTime(this.clock()) };
    const caseIds: string[] = [];
    let after: string | null = '';
    while (after !== null) {
      const { items, next }: Awaited<ReturnType<typeof listCases>> = await listCases(source, {
        statuses: statusesFor(status ?? defaultStatus(assignee), assignee),
        sort: 'oldest',
        limit: 200,
        ...(reason === undefined ? {} : { reason }),
        ...(game === undefined ? {} : { game }),
        ...(assignee === undefined ? {} : { assignee }),
        ...(after === '' ? {} : { after }),
      });
      caseIds.push(...items.map(({ caseId }) => caseId));
      if (caseIds.length > casesPerBulkMax) {
        const detail = `The filter has more than ${casesPerBulkMax} cases: narrow it.`;
        throw new ProblemException(problems.unprocessable, detail, { errors: [{ pointer: '/filter', detail }] });
      }
      after = next;
    }
    return caseIds;
  }
}

const invalid = (pointer: string, detail: string): ProblemException =>
  new ProblemException(problems.invalidRequest, 'Mend the fields listed under errors.', { errors: [{ pointer, detail }] });
