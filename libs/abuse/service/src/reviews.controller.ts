import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { suggestedSanctions, type AbuseCase, type MessageReview } from '@ringside/abuse-domain';
import { ApiProblems } from '@ringside/platform';
import { CaseCommands, CaseParams, SanctionBody } from '@ringside/team-kit';

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
  constructor(@Inject(CaseCommands) private readonly commands: CaseCommands) {}

  @Get()
  @ApiOperation({
    operationId: 'getReviews',
    summary: 'What the messages were found to be, and what the sanction ladder suggests.',
  })
  @ApiOkResponse({ type: ReviewsDto })
  @ApiProblems(400, 404, 421)
  async get(@Param() { caseId }: CaseParams): Promise<ReviewsDto> {
    const { work, background } = await this.commands.caseInHand(caseId);
    const state = work as AbuseCase;
    return {
      items: Object.values(state.reviews),
      priorStrikes: background.priorStrikes,
      suggestedSanctions: [...suggestedSanctions(state, background)],
    };
  }
}
