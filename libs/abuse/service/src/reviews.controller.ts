import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { suggestedSanctions, type AbuseCase, type MessageReview } from '@ringside/abuse-domain';
import { withoutCovered } from '@ringside/casework';
import { isoTime, type Clock } from '@ringside/core';
import { ApiProblems, CLOCK } from '@ringside/platform';
import { backgroundOf, CaseCommands, CaseParams, CaseReader, SanctionBody, SubscriberRuntime } from '@ringside/team-kit';

import { ReviewMessageBody } from './review-message.dto.js';

class ReviewsDto {
  @ApiProperty({ type: [ReviewMessageBody], description: 'The last review of each message' })
  items!: MessageReview[];

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Strikes against the player that count now, of all teams' })
  priorStrikes!: number;

  @ApiProperty({
    type: [SanctionBody],
    description:
      'What the ladder has for this player: by what was found, and by what was reported until anything was. A suggestion, from ' +
      'which a decision may depart',
  })
  suggestedSanctions!: SanctionBody[];
}

/** What was found in the messages of a case. */
@ApiTags('casework')
@Controller('v1/cases/:caseId/reviews')
export class ReviewsController {
  constructor(
    @Inject(CaseCommands) private readonly commands: CaseCommands,
    @Inject(CaseReader) private readonly reader: CaseReader,
    @Inject(SubscriberRuntime) private readonly runtime: SubscriberRuntime,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'getReviews',
    summary: 'What the messages were found to be, and what the sanction ladder suggests.',
  })
  @ApiOkResponse({ type: ReviewsDto })
  @ApiProblems(400, 404, 421)
  async get(@Param() { caseId }: CaseParams): Promise<ReviewsDto> {
    const { subjectId, revision } = await this.commands.caseToWorkOn(caseId);
    const at = isoTime(this.clock());
    const state = (await this.reader.current(caseId)) as AbuseCase;
    const background = withoutCovered(state, await backgroundOf(this.runtime.views, { caseId, subjectId, revision, at }));
    return {
      items: Object.values(state.reviews),
      priorStrikes: background.priorStrikes,
      suggestedSanctions: [...suggestedSanctions(state, background)],
    };
  }
}
