import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { cheatingVerdicts, suggestedSanctions, type AssembledEvidence, type CheatingCase } from '@ringside/cheating-domain';
import { ApiProblems } from '@ringside/platform';
import { CaseCommands, CaseParams, SanctionBody } from '@ringside/team-kit';

import { AssembleEvidenceBody } from './assemble-evidence.dto.js';

const verdict = (word: string) => ({ type: 'string', enum: [word] }) as const;

class AssembledEvidenceDto {
  @ApiProperty({ type: AssembleEvidenceBody, nullable: true, description: 'As it was assembled last; null while nobody has' })
  evidence!: AssembledEvidence | null;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Strikes against the player that count now, of all teams' })
  priorStrikes!: number;

  @ApiProperty({
    type: [SanctionBody],
    description: 'What the ladder has for this player and the open reports: a suggestion, from which a decision may depart',
  })
  suggestedSanctions!: SanctionBody[];

  @ApiProperty({
    type: 'object',
    properties: { uphold: verdict('confirmed'), dismiss: verdict('unfounded'), inconclusive: verdict('inconclusive') },
    description: "This team's words for the verdicts",
  })
  verdicts!: typeof cheatingVerdicts;
}

/** What the next verdict may rest on. */
@ApiTags('casework')
@Controller('v1/cases/:caseId/assembled-evidence')
export class AssembledEvidenceController {
  constructor(@Inject(CaseCommands) private readonly commands: CaseCommands) {}

  @Get()
  @ApiOperation({
    operationId: 'getAssembledEvidence',
    summary: 'The evidence as it was assembled last, and what the sanction ladder suggests.',
  })
  @ApiOkResponse({ type: AssembledEvidenceDto })
  @ApiProblems(400, 404, 421)
  async get(@Param() { caseId }: CaseParams): Promise<AssembledEvidenceDto> {
    const { work, background } = await this.commands.caseInHand(caseId);
    const state = work as CheatingCase;
    return {
      evidence: state.evidence,
      priorStrikes: background.priorStrikes,
      suggestedSanctions: [...suggestedSanctions(background)],
      verdicts: cheatingVerdicts,
    };
  }
}
