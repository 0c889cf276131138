import { Body, Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { textOfPlace, textOfValue, type Difference, type HeldBack, type Step } from '@ringside/data-ring';
import { ringOperations, type RingOperated } from '@ringside/events';
import { ApiProblems, Caller, ToInteger, type Identity } from '@ringside/platform';
import type { AppliedRun, RegionFindings, RingControl, RingPlan, RingRun } from '@ringside/ring-control';
import { IsBoolean, IsInt, IsOptional, Max, Min } from 'class-validator';

import { CONTROL, controlOf } from './tokens.js';

const states = ['in_order', 'differs', 'unreachable', 'failed'] as const;

class AcceptDto {
  @ApiPropertyOptional({ default: false, description: 'Also what would lose data' })
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  accept?: boolean;
}

class RunsQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 1_000, default: 100 })
  @ToInteger()
  @IsInt({ message: 'must be a whole number from 1 to 1,000' })
  @Min(1, { message: 'must be a whole number from 1 to 1,000' })
  @Max(1_000, { message: 'must be a whole number from 1 to 1,000' })
  limit = 100;
}

class DifferenceDto {
  @ApiProperty({ example: 'eu' })
  region!: string;

  @ApiProperty({ description: 'What is set otherwise', example: 'namespace ringside/global: replication' })
  at!: string;

  @ApiProperty({ description: 'What asks for it: a path within the policy', example: 'zones.global' })
  rule!: string;

  @ApiProperty({ example: 'ap, eu, us' })
  wanted!: string;

  @ApiProperty({ example: 'eu, us' })
  live!: string;

  @ApiProperty({ enum: ['safe', 'loses_data', 'by_hand'] })
  mending!: string;
}

class UnenforcedDto {
  @ApiProperty({ description: 'The kind of setting', example: 'permission' })
  kind!: string;

  @ApiPropertyOptional({ description: 'Where only one policy of namespaces is meant' })
  policy?: string;

  @ApiProperty()
  reason!: string;
}

class FindingsDto {
  @ApiProperty({ example: 'eu' })
  region!: string;

  @ApiProperty({ enum: states })
  state!: string;

  @ApiProperty({ type: 'string', nullable: true })
  problem!: string | null;

  @ApiProperty({ type: [DifferenceDto] })
  differences!: readonly DifferenceDto[];

  @ApiProperty({ type: [UnenforcedDto], description: 'What these servers hold nobody to, whatever they are set to' })
  unenforced!: readonly UnenforcedDto[];
}

class StepDto {
  @ApiProperty({ example: 'eu' })
  region!: string;

  @ApiProperty({ enum: ['narrow', 'make', 'set', 'widen', 'topics', 'allow', 'remove'] })
  phase!: string;

  @ApiProperty({ example: 'namespace ringside/global: replication' })
  at!: string;

  @ApiProperty()
  rule!: string;

  @ApiProperty()
  from!: string;

  @ApiProperty()
  to!: string;
}

class HeldBackDto extends DifferenceDto {
  @ApiProperty({ enum: ['loses_data', 'by_hand', 'region_away'] })
  reason!: string;

  @ApiProperty()
  message!: string;
}

class PlanDto {
  @ApiProperty({ description: 'SHA-256 of the policy' })
  policy!: string;

  @ApiProperty({ type: [FindingsDto] })
  regions!: readonly FindingsDto[];

  @ApiProperty({ type: [StepDto], description: 'What would mend it, in this order' })
  steps!: readonly StepDto[];

  @ApiProperty({ type: [HeldBackDto], description: 'What would not be mended, and why' })
  held!: readonly HeldBackDto[];
}

class AuditDto extends PlanDto {
  @ApiProperty({ format: 'date-time' })
  startedAt!: string;

  @ApiProperty()
  by!: string;

  @ApiProperty({ type: [String], description: 'Why the run is not on the record, where it is not' })
  unrecorded!: readonly string[];
}

class AppliedDto extends AuditDto {
  @ApiProperty({ type: [StepDto] })
  taken!: readonly StepDto[];
}

class RecordedDifferenceDto {
  @ApiProperty()
  at!: string;

  @ApiProperty()
  rule!: string;

  @ApiProperty()
  wanted!: string;

  @ApiProperty()
  live!: string;
}

class RunDto {
  @ApiProperty()
  runId!: string;

  @ApiProperty({ enum: ringOperations })
  operation!: string;

  @ApiProperty({ description: 'The region that was looked at', example: 'eu' })
  about!: string;

  @ApiProperty()
  by!: string;

  @ApiProperty({ format: 'date-time' })
  startedAt!: string;

  @ApiProperty({ description: 'SHA-256 of the policy' })
  policy!: string;

  @ApiProperty({ enum: ['in_order', 'differs', 'applied', 'failed', 'refused'] })
  outcome!: string;

  @ApiProperty({ type: [RecordedDifferenceDto], description: 'The first of them' })
  differences!: readonly RecordedDifferenceDto[];

  @ApiProperty({ type: 'integer', minimum: 0, description: 'All of them' })
  differenceCount!: number;

  @ApiPropertyOptional()
  detail?: string;
}

class RunsDto {
  @ApiProperty({ type: [RunDto], description: 'The newest first' })
  items!: readonly RunDto[];
}

/** This region's servers against the policy. */
@ApiTags('control')
@Controller('v1/ring')
export class ControlController {
  constructor(@Inject(CONTROL) private readonly ofRegion: RingControl | undefined) {}

  @Post('plan')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'planRing',
    summary: 'What differs from the policy here, and what would be done. Changes nothing.',
  })
  @ApiOkResponse({ type: PlanDto })
  @ApiProblems(400, 409, 413, 415)
  async plan(@Body() { accept = false }: AcceptDto): Promise<PlanDto> {
    return planDto(await controlOf(this.ofRegion).plan({ accept }));
  }

  @Post('apply')
  @HttpCode(200)
  @ApiOperation({ operationId: 'applyRing', summary: 'Makes the servers of this region what the policy says.' })
  @ApiOkResponse({ type: AppliedDto })
  @ApiProblems(400, 409, 413, 415)
  async apply(@Body() { accept = false }: AcceptDto, @Caller() { sub: by }: Identity): Promise<AppliedDto> {
    const run: AppliedRun = await controlOf(this.ofRegion).apply({ accept, by });
    return { ...runDto(run), taken: run.taken.map(stepDto) };
  }

  @Get('audit')
  @ApiOperation({ operationId: 'auditRing', summary: 'The policy against what is set here. Kept on the record.' })
  @ApiOkResponse({ type: AuditDto })
  @ApiProblems(409)
  async audit(@Caller() { sub: by }: Identity): Promise<AuditDto> {
    return runDto(await controlOf(this.ofRegion).audit({ by }));
  }

  @Get('runs')
  @ApiOperation({ operationId: 'listRingRuns', summary: 'Who looked at the ring or changed it, when, and what was found.' })
  @ApiOkResponse({ type: RunsDto })
  @ApiProblems(400, 409)
  async runs(@Query() { limit }: RunsQuery): Promise<RunsDto> {
    const runs: readonly RingOperated[] = await controlOf(this.ofRegion).runs({ limit });
    return { items: runs.map(({ data }) => data) };
  }
}

const planDto = ({ policy, regions, steps, held }: RingPlan): PlanDto => ({
  policy,
  regions: regions.map(findingsDto),
  steps: steps.map(stepDto),
  held: held.map(heldDto),
});

const runDto = ({ startedAt, by, unrecorded, ...plan }: RingRun): AuditDto => ({ ...planDto(plan), startedAt, by, unrecorded });

const findingsDto = ({ region, state, problem, differences, unenforced }: RegionFindings): FindingsDto => ({
  ...{ region, state, problem: problem ?? null },
  differences: differences.map(differenceDto),
  unenforced: unenforced.map(({ kind, policy, reason }) => ({ kind, reason, ...(policy !== undefined && { policy }) })),
});

const differenceDto = ({ region, at, rule, place, wanted, live, mending }: Difference): DifferenceDto => ({
  ...{ region, at, rule, mending },
  wanted: textOfValue(place, wanted),
  live: textOfValue(place, live),
});

const heldDto = ({ difference, reason, message }: HeldBack): HeldBackDto => ({ ...differenceDto(difference), reason, message });

const stepDto = ({ region, phase, place, rule, from, to }: Step): StepDto => ({
  ...{ region, phase, rule },
  at: textOfPlace(place),
  from: textOfValue(place, from),
  to: textOfValue(place, to),
});
