import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import type { Clock } from '@ringside/core';
import { ApiProblems, CLOCK, ToInteger } from '@ringside/platform';
import { SubscriberRuntime } from '@ringside/team-kit';
import { emergingWordsMax, reportersPerWordMin, subjectsPerWordMin } from '@ringside/triage-domain';
import { IsInt, Max, Min } from 'class-validator';

import { findEmergingReasons, reportsReadMax, type EmergingReasons } from './find-emerging-reasons.js';

const counts = { type: 'object', additionalProperties: { type: 'integer', minimum: 1 } } as const;

class EmergingReasonsQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 30, default: 7, description: 'How many days back, with today' })
  @ToInteger()
  @IsInt({ message: 'must be a whole number from 1 to 30' })
  @Min(1, { message: 'must be a whole number from 1 to 30' })
  @Max(30, { message: 'must be a whole number from 1 to 30' })
  days = 7;
}

class EmergingWordDto {
  @ApiProperty({ example: 'feeding' })
  word!: string;

  @ApiProperty({ type: 'integer', minimum: reportersPerWordMin })
  reports!: number;

  @ApiProperty({ type: 'integer', minimum: reportersPerWordMin, description: 'How many different players used it' })
  reporters!: number;

  @ApiProperty({ ...counts, example: { stormfall: 12 } })
  byGame!: Record<string, number>;

  @ApiProperty({ ...counts, description: 'By day of filing (UTC)', example: { '2026-01-31': 12 } })
  byDay!: Record<string, number>;

  @ApiProperty({ ...counts, description: 'By the reason that the reporters chose', example: { other: 12 } })
  byReason!: Record<string, number>;

  @ApiProperty({
    type: 'number',
    minimum: 0,
    maximum: 1,
    description: 'The part of them that was filed in the later half of the days: above 0.5 it is on the rise',
  })
  recentShare!: number;
}

class EmergingGameDto {
  @ApiProperty({ example: 'stormfall' })
  game!: string;

  @ApiProperty({ type: 'integer', minimum: 1 })
  reports!: number;

  @ApiProperty({ ...counts, description: 'By day of filing (UTC)', example: { '2026-01-31': 12 } })
  byDay!: Record<string, number>;
}

class EmergingReasonsDto {
  @ApiProperty({ format: 'date', description: 'The first day (UTC)', example: '2026-01-25' })
  from!: string;

  @ApiProperty({ format: 'date', description: 'The last day: today', example: '2026-01-31' })
  to!: string;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Unowned reports of these days' })
  reportsFiled!: number;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: `Of which these were read: the newest ones, ${reportsReadMax} at most`,
  })
  reportsRead!: number;

  @ApiProperty({
    type: [EmergingWordDto],
    maxItems: emergingWordsMax,
    description:
      `Words of descriptions, the one that most reporters used first. Only those of at least ${reportersPerWordMin} ` +
      `reporters about at least ${subjectsPerWordMin} players`,
  })
  words!: EmergingWordDto[];

  @ApiProperty({ type: [EmergingGameDto], description: 'Where they come from, most of them first' })
  games!: EmergingGameDto[];
}

/** What the reports that nobody owns have in common: where a new reason, or a new team, may be called for. */
@ApiTags('emerging reasons')
@Controller('v1/emerging-reasons')
export class EmergingReasonsController {
  constructor(
    @Inject(SubscriberRuntime) private readonly runtime: SubscriberRuntime,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'Words and games that unowned reports have in common over time.',
    operationId: 'getEmergingReasons',
  })
  @ApiOkResponse({ type: EmergingReasonsDto })
  @ApiProblems(400)
  get(@Query() { days }: EmergingReasonsQuery): Promise<EmergingReasons> {
    return findEmergingReasons(this.runtime.views, this.clock(), days);
  }
}
