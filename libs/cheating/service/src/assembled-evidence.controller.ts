import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags, OmitType } from '@nestjs/swagger';
import { cheatingVerdicts, suggestedSanctions, type AssembledEvidence, type CheatingCase } from '@ringside/cheating-domain';
import { ApiProblems } from '@ringside/platform';
import { CaseCommands, CaseParams, SanctionBody, SubscriberRuntime } from '@ringside/team-kit';

import { AssembleEvidenceBody } from './assemble-evidence.dto.js';
import { replaysOnFile } from './replays-on-file.js';

const verdict = (word: string) => ({ type: 'string', enum: [word] }) as const;

class ReplayInHandDto {
  @ApiProperty({ description: 'The report that the replay came with' })
  reportId!: string;

  @ApiProperty({ description: 'The region that keeps the evidence of the report, and with it the address', example: 'local' })
  heldIn!: string;

  @ApiProperty({ type: 'string', format: 'uri', nullable: true, description: 'Null where another region keeps it (`heldIn`)' })
  url!: string | null;
}

class EvidenceInHandDto extends OmitType(AssembleEvidenceBody, ['replays'] as const) {
  @ApiProperty({ type: [ReplayInHandDto] })
  replays!: ReplayInHandDto[];
}

class AssembledEvidenceDto {
  @ApiProperty({ type: EvidenceInHandDto, nullable: true, description: 'As it was assembled last; null while nobody has' })
  evidence!: (Omit<AssembledEvidence, 'replays'> & { readonly replays: readonly ReplayInHandDto[] }) | null;

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
  constructor(
    @Inject(CaseCommands) private readonly commands: CaseCommands,
    @Inject(SubscriberRuntime) private readonly runtime: SubscriberRuntime,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'getAssembledEvidence',
    summary: 'The evidence as it was assembled last, and what the sanction ladder suggests.',
  })
  @ApiOkResponse({ type: AssembledEvidenceDto })
  @ApiProblems(400, 404, 421)
  async get(@Param() { caseId }: CaseParams): Promise<AssembledEvidenceDto> {
    const { work, background } = await this.commands.caseInHand(caseId);
    const { evidence } = work as CheatingCase;
    return {
      evidence: evidence === null ? null : await this.withUrls(caseId, evidence),
      priorStrikes: background.priorStrikes,
      suggestedSanctions: [...suggestedSanctions(background)],
      verdicts: cheatingVerdicts,
    };
  }

  private async withUrls(caseId: string, evidence: AssembledEvidence): Promise<AssembledEvidenceDto['evidence']> {
    const urls = await replaysOnFile(this.runtime.views, caseId, evidence.replays);
    return {
      ...evidence,
      replays: evidence.replays.map(({ reportId, heldIn }) => ({ reportId, heldIn, url: urls.get(reportId) ?? null })),
    };
  }
}
