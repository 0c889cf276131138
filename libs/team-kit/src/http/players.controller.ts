import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { CaseRules } from '@ringside/casework';
import { ApiProblems } from '@ringside/platform';
import { Matches } from 'class-validator';

import { dossierOf, type Dossier } from '../case-queries.js';
import { SubscriberRuntime } from '../runtime.js';
import { CaseDto } from './cases.dto.js';
import { CASE_RULES } from './tokens.js';

export class PlayerParams {
  @ApiProperty({ minLength: 1, maxLength: 128, example: 'player-4711' })
  @Matches(/^[^\p{Cc}\p{Cs}]{1,128}$/u, { message: 'must be 1 to 128 characters without control characters' })
  playerId!: string;
}

class FiledReportDto {
  @ApiProperty()
  reportId!: string;

  @ApiProperty()
  caseId!: string;

  @ApiProperty()
  game!: string;

  @ApiProperty()
  subjectId!: string;

  @ApiProperty()
  reason!: string;

  @ApiProperty({ format: 'date-time' })
  filedAt!: string;
}

class ReportsFiledDto {
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 1_000 })
  count!: number;

  @ApiProperty({ description: 'True where there are more than were counted' })
  more!: boolean;

  @ApiProperty({ type: [FiledReportDto], description: 'The latest ones, newest first' })
  recent!: FiledReportDto[];
}

class DossierDto {
  @ApiProperty()
  playerId!: string;

  @ApiProperty({ example: 'cheating' })
  team!: string;

  @ApiProperty({ type: [CaseDto], maxItems: 200, description: 'Cases about this player, one for each game' })
  cases!: CaseDto[];

  @ApiProperty({ type: ReportsFiledDto, description: 'What this player reported about others and this team captured' })
  reportsFiled!: ReportsFiledDto;
}

/** What this team knows of a player. A player it never heard of has an empty dossier. */
@ApiTags('players')
@Controller('v1/players')
export class PlayersController {
  constructor(
    @Inject(SubscriberRuntime) private readonly runtime: SubscriberRuntime,
    @Inject(CASE_RULES) private readonly rules: CaseRules,
  ) {}

  @Get(':playerId')
  @ApiOperation({ summary: 'The dossier of a player: cases about them, and what they reported.', operationId: 'getDossier' })
  @ApiOkResponse({ type: DossierDto })
  @ApiProblems(400)
  get(@Param() { playerId }: PlayerParams): Promise<Dossier> {
    return dossierOf(this.runtime.views, this.rules, playerId);
  }
}
