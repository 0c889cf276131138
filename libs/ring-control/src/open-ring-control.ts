import { isoTime, systemClock, type Clock } from '@ringside/core';
import { stepsOf, type RingPolicy, type Step } from '@ringside/data-ring';

import { look, type Look, problemOf } from './look.js';
import { readRecord, record, type RecordLog, type RunOfRegion } from './record.js';
import type { RegionAdmin } from './region-admin.js';
import type { AppliedRun, ApplyOptions, Operator, RegionFindings, RingControl, RingPlan, RingRun } from './ring-control.js';

export interface RingControlOptions {
  readonly policy: RingPolicy;
  /** Of the regions that can be reached. One of the policy that has none is said to be unreachable. */
  readonly admins: readonly RegionAdmin[];
  /** Where runs are recorded, on the topic `ring`. */
  readonly logs: readonly RecordLog[];
  /** Regions that are looked at and set up from here; all of the policy where absent. */
  readonly about?: readonly string[];
  readonly clock?: Clock;
}

const runsMax = 100;

export function openRingControl({ policy, admins, logs, about, clock = systemClock }: RingControlOptions): RingControl {
  const lookAround = (): Promise<Look> => look(policy, admins, about);
  const planOf = (seen: Look, accept = false): RingPlan => ({
    policy: policy.digest,
    regions: seen.regions,
    ...stepsOf(seen.differences, { accept, away: seen.away }),
  });

  /** One run for each region. Answers with the reasons why some are not recorded. */
  async function recordAll(runs: readonly RunOfRegion[]): Promise<readonly string[]> {
    const reasons: string[] = [];
    for (const run of runs) {
      const reason = await record(logs, run, clock);
      if (reason !== undefined) reasons.push(reason);
    }
    return reasons;
  }

  async function audit({ by }: Operator): Promise<RingRun> {
    const startedAt = isoTime(clock());
    const plan = planOf(await lookAround());
    const runs = plan.regions.map(({ region, state, problem, differences }): RunOfRegion => {
      const outcome = state === 'unreachable' ? 'failed' : state;
      return { operation: 'audit', about: region, by, startedAt, policy: policy.digest, outcome, differences, detail: problem };
    });
    return { ...plan, startedAt, by, unrecorded: await recordAll(runs) };
  }

  async function apply({ by, accept = false, onStep }: ApplyOptions): Promise<AppliedRun> {
    const startedAt = isoTime(clock());
    const before = await lookAround();
    const { taken, failures } = await takeAll(planOf(before, accept).steps, onStep);
    const after = planOf(await lookAround(), accept);
    const regions = after.regions.map((found) => withFailures(found, failures));
    const runs = regions.map(({ region, problem, differences, state }): RunOfRegion => {
      const own = taken.filter((step) => step.region === region).length;
      const isRefused = after.held.some(({ difference, reason }) => difference.region === region && reason !== 'region_away');
      const settled = differences.length > 0 ? 'differs' : own > 0 ? 'applied' : 'in_order';
      return {
        ...{ operation: 'apply', about: region, by, startedAt, policy: policy.digest },
        outcome: state === 'unreachable' || state === 'failed' ? 'failed' : isRefused ? 'refused' : settled,
        // What was found before: an auditor wants to know what was mended.
        differences: before.differences.filter((difference) => difference.region === region),
        detail: `${own} steps taken, ${differences.length} differences left.${problem === undefined ? '' : ` ${problem}`}`,
      };
    });
    return { ...after, regions, startedAt, by, taken, unrecorded: await recordAll(runs) };
  }

  async function takeAll(steps: readonly Step[], onStep: ApplyOptions['onStep']) {
    const taken: Step[] = [];
    const failures = new Map<RegionAdmin, string>();
    for (const [index, step] of steps.entries()) {
      const admin = adminOf(admins, step);
      const isLeft = admin === undefined || failures.has(admin);
      // What could not be set there may still be too wide, or not be there at all.
      const reached = widenedTo(step);
      if (isLeft || [...failures.keys()].some(({ part, region }) => part === 'event-log' && reached.includes(region))) continue;
      onStep?.(step, index + 1, steps.length);
      try {
        await admin.take(step);
        taken.push(step);
      } catch (error) {
        failures.set(admin, problemOf(error).message);
      }
    }
    return { taken, failures };
  }

  return {
    plan: async ({ accept = false } = {}) => planOf(await lookAround(), accept),
    apply,
    audit,
    runs: async ({ limit = runsMax } = {}) => readRecord(logs, limit),
    close: async () => {
      await Promise.all(admins.map((admin) => admin.close()));
    },
  };
}

const ofViewStore: readonly Step['place']['kind'][] = ['keyspace', 'role', 'grant'];

function adminOf(admins: readonly RegionAdmin[], { region, place }: Step): RegionAdmin | undefined {
  const part = ofViewStore.includes(place.kind) ? 'view-store' : 'event-log';
  return admins.find((admin) => admin.region === region && admin.part === part);
}

/** Regions that records begin to go to. */
function widenedTo({ phase, from, to }: Step): readonly string[] {
  if (phase !== 'widen' || !Array.isArray(to)) return [];
  const before = (from ?? []) as readonly string[];
  return (to as readonly string[]).filter((region) => !before.includes(region));
}

function withFailures(found: RegionFindings, failures: ReadonlyMap<RegionAdmin, string>): RegionFindings {
  const own = [...failures].filter(([{ region }]) => region === found.region).map(([, message]) => message);
  if (own.length === 0) return found;
  return { ...found, state: 'failed', problem: [...(found.problem === undefined ? [] : [found.problem]), ...own].join(' ') };
}
