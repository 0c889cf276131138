import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import type { CaseRules } from '@ringside/casework';
import type { Clock } from '@ringside/core';
import { ApiProblems, CLOCK, ToInteger } from '@ringside/platform';
import { IsInt, Max, Min } from 'class-validator';

import { queueFigures, type QueueFigures } from '../queue-figures.js';
import { SubscriberRuntime } from '../runtime.js';
import { MinVersionOfCase, ReadsOwnWrites } from './min-version.js';
import { CASE_RULES } from './tokens.js';

class StatsQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 168, default: 24, description: 'How many hours back' })
  @ToInteger()
  @IsInt({ message: 'must be a whole number from 1 to 168' })
  @Min(1, { message: 'must be a whole number from 1 to 168' })
  @Max(168, { message: 'must be a whole number from 1 to 168' })
  hours = 24;

  @MinVersionOfCase()
  minVersion?: string;
}

class HourFigureDto {
  @ApiProperty({ format: 'date-time', example: '2026-01-31T12:00:00.000Z' })
  hour!: string;

  @ApiProperty({ type: 'integer', minimum: 0 })
  captured!: number;
}

class ReasonFiguresDto {
  @ApiProperty({ example: 'aimbot' })
  reason!: string;

  @ApiProperty({ type: 'integer', minimum: 0 })
  captured!: number;

  @ApiProperty({ type: [HourFigureDto], description: 'Hours (UTC) with at least one report' })
  hourly!: HourFigureDto[];
}

class QueueFiguresDto {
  @ApiProperty({ example: 'cheating' })
  team!: string;

  @ApiProperty({ type: 'integer', minimum: 0 })
  openCases!: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Reports captured in these hours' })
  captured!: number;

  @ApiProperty({ type: [ReasonFiguresDto] })
  reasons!: ReasonFiguresDto[];
}

/** Figures of the team's queue. */
@ApiTags('stats')
@Controller('v1/stats')
export class StatsController {
  constructor(
    @Inject(SubscriberRuntime) private readonly runtime: SubscriberRuntime,
    @Inject(CASE_RULES) private readonly rules: CaseRules,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @ReadsOwnWrites()
  @ApiOperation({ summary: 'Open cases, and reports captured per reason and hour.', operationId: 'getStats' })
  @ApiOkResponse({ type: QueueFiguresDto })
  @ApiProblems(400)
  get(@Query() { hours }: StatsQuery): Promise<QueueFigures> {
    return queueFigures(this.runtime.views, this.rules, this.clock(), hours);
  }
}
