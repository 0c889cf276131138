import { Body, Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { textOfPlace, textOfValue, type Difference, type HeldBack, type Step } from '@ringside/data-ring';
import type { RingOperated } from '@ringside/events';
import { ApiProblems, Caller, type Identity } from '@ringside/platform';
import type { AppliedRun, RegionFindings, RingControl, RingPlan, RingRun } from '@ringside/ring-control';

import {
  AcceptDto,
  AppliedDto,
  AuditDto,
  DifferenceDto,
  FindingsDto,
  HeldBackDto,
  PlanDto,
  RunsDto,
  RunsQuery,
  StepDto,
} from './control.dto.js';
import { CONTROL, controlOf } from './tokens.js';

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
  @ApiOperation({
    operationId: 'auditRing',
    summary: 'The policy against what is set here. Kept on the record.',
    description: 'Changes no setting, but each call appends a record of itself: `POST /v1/ring/plan` looks and leaves none.',
  })
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
