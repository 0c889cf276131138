import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import type { CaseRules } from '@ringside/casework';
import { isoTime, type Clock } from '@ringside/core';
import { ApiProblems, CLOCK, OneLine, oneLineSchema } from '@ringside/platform';

import { dossierOf, type Dossier } from '../dossier.js';
import { SubscriberRuntime } from '../runtime.js';
import { CaseDto } from './cases.dto.js';
import { MinVersionOfCase, ReadsOwnWrites } from './min-version.js';
import { CASE_RULES } from './tokens.js';

export class PlayerParams {
  @ApiProperty({ ...oneLineSchema(128), example: 'player-4711' })
  @OneLine(128)
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

class RunningSanctionDto {
  @ApiProperty()
  sanctionId!: string;

  @ApiProperty({ example: 'cheating' })
  team!: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  until!: string | null;
}

class SanctionInForceDto {
  @ApiProperty({ example: 'stormfall' })
  game!: string;

  @ApiProperty({ enum: ['mute', 'suspend', 'ban'] })
  kind!: string;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'When the last of them ends; null for never',
  })
  until!: string | null;

  @ApiProperty({ type: [RunningSanctionDto], description: 'Of every team, the longest first' })
  imposed!: RunningSanctionDto[];
}

class ReversalDto {
  @ApiProperty({ format: 'date-time' })
  at!: string;

  @ApiProperty({ enum: ['reverted', 'overturned', 'superseded'] })
  because!: string;
}

class PlayerSanctionDto {
  @ApiProperty()
  sanctionId!: string;

  @ApiProperty()
  decisionId!: string;

  @ApiProperty()
  caseId!: string;

  @ApiProperty({ example: 'cheating' })
  team!: string;

  @ApiProperty({ example: 'stormfall' })
  game!: string;

  @ApiProperty({ enum: ['warn', 'mute', 'suspend', 'ban'] })
  kind!: string;

  @ApiPropertyOptional({ example: 'fair-play/2.1' })
  clause?: string;

  @ApiProperty({ format: 'date-time' })
  from!: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  until!: string | null;

  @ApiProperty({ format: 'date-time', description: 'Until when the decision counts as a strike' })
  strikeUntil!: string;

  @ApiProperty({ type: ReversalDto, nullable: true, description: 'Null unless it was taken back' })
  reversed!: ReversalDto | null;
}

class SanctionsDto {
  @ApiProperty({ type: [SanctionInForceDto], description: 'What the player may not do now, per game and kind' })
  inForce!: SanctionInForceDto[];

  @ApiProperty({ type: [PlayerSanctionDto], description: 'All that were ever imposed, the latest first' })
  imposed!: PlayerSanctionDto[];
}

class StrikesDto {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'One for each decision that imposed something, until it expires' })
  count!: number;

  @ApiProperty({ type: [String], description: 'When each of them stops counting' })
  expireAt!: string[];
}

class RestoredDto {
  @ApiProperty({ description: 'The lead' })
  by!: string;

  @ApiProperty({ format: 'date-time' })
  at!: string;
}

class ReportingDto {
  @ApiProperty({ enum: ['good', 'warned', 'suppressed'] })
  standing!: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  since!: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'Until when their reports do not count' })
  until!: string | null;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Of their last 100 decided reports' })
  decided!: number;

  @ApiProperty({ type: 'integer', minimum: 0 })
  unfounded!: number;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer', minimum: 10, maximum: 150 },
    description: 'By reason, in hundredths, where it is not neutral (100). It moves priorities, never a verdict',
    example: { aimbot: 135 },
  })
  credibility!: Record<string, number>;

  @ApiProperty({ type: RestoredDto, nullable: true, description: 'Where the last that was said is that a lead restored it' })
  restored!: RestoredDto | null;
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

  @ApiProperty({ type: SanctionsDto, description: 'Of every team' })
  sanctions!: SanctionsDto;

  @ApiProperty({ type: StrikesDto })
  strikes!: StrikesDto;

  @ApiProperty({ type: ReportingDto, description: 'How far this team believes what the player reports' })
  reporting!: ReportingDto;
}

class PlayerQuery {
  @MinVersionOfCase()
  minVersion?: string;
}

/** What this team knows of a player. A player it never heard of has an empty dossier. */
@ApiTags('players')
@Controller('v1/players')
export class PlayersController {
  constructor(
    @Inject(SubscriberRuntime) private readonly runtime: SubscriberRuntime,
    @Inject(CASE_RULES) private readonly rules: CaseRules,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get(':playerId')
  @ReadsOwnWrites({ sanctions: true })
  @ApiOperation({ summary: 'The dossier of a player: cases about them, and what they reported.', operationId: 'getDossier' })
  @ApiOkResponse({ type: DossierDto })
  @ApiProblems(400)
  get(@Param() { playerId }: PlayerParams, @Query() _query: PlayerQuery): Promise<Dossier> {
    return dossierOf({ views: this.runtime.views, rules: this.rules, at: isoTime(this.clock()) }, playerId);
  }
}
