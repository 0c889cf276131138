import { isoTime, systemClock, type Clock } from '@ringside/core';
import { stepsOf, textOfPlace, type RingPolicy, type Step } from '@ringside/data-ring';
import { ringTopic } from '@ringside/events';

import { look, type Look } from './look.js';
import { mustBeOperator } from './operator.js';
import { keepWhole, textOfPart, type PartOfRing } from './part-of-ring.js';
import { readRecord, record, type RecordLog, type RunOfRegion } from './record.js';
import type { RegionAdmin } from './region-admin.js';
import type { AppliedRun, ApplyOptions, AuditOptions, RegionFindings, RingControl, RingPlan, RingRun } from './ring-control.js';
import { takeAll } from './take-all.js';

export interface RingControlOptions {
  readonly policy: RingPolicy;
  /** Of the regions that can be reached. One of the policy that has none is said to be unreachable. */
  readonly admins: readonly RegionAdmin[];
  /** Where runs are recorded, on the topic `ring`. */
  readonly logs: readonly RecordLog[];
  /** Regions that are looked at and set up from here; all of the policy where absent. */
  readonly about?: readonly string[];
  /** Where `policy` is one with fewer regions than the file has: it goes into the record, and narrows nothing unless that is accepted. */
  readonly part?: PartOfRing;
  readonly clock?: Clock;
}

const runsMax = 100;

export function openRingControl({ policy, admins, logs, about, part, clock = systemClock }: RingControlOptions): RingControl {
  const lookAround = async (signal?: AbortSignal): Promise<Look> => {
    const seen = await look(policy, admins, about);
    signal?.throwIfAborted();
    return seen;
  };
  const planOf = (seen: Look, accept = false): RingPlan => {
    const whole =
      part === undefined || accept ? { differences: seen.differences, held: [] } : keepWhole(seen.differences, part);
    const { steps, held } = stepsOf(whole.differences, { accept, away: seen.away });
    return { policy: policy.digest, regions: seen.regions, steps, held: [...whole.held, ...held] };
  };
  /** The digest is that of the whole file: that a part of it was meant has to be said beside it. */
  const inPart = (detail?: string): string | undefined =>
    part === undefined ? detail : [textOfPart(part), ...(detail === undefined ? [] : [detail])].join(' ');

  /** One run for each region. Answers with the reasons why some are not recorded. */
  async function recordAll(runs: readonly RunOfRegion[], to = logs): Promise<readonly string[]> {
    const reasons: string[] = [];
    for (const run of runs) {
      const reason = await record(to, run, clock);
      if (reason !== undefined) reasons.push(reason);
    }
    return reasons;
  }

  async function audit({ by, signal }: AuditOptions): Promise<RingRun> {
    mustBeOperator(by);
    const startedAt = isoTime(clock());
    const plan = planOf(await lookAround(signal));
    const runs = plan.regions.map(({ region, state, problem, differences }): RunOfRegion => {
      const outcome = state === 'unreachable' ? 'failed' : state;
      return {
        operation: 'audit',
        about: region,
        by,
        startedAt,
        policy: policy.digest,
        outcome,
        differences,
        detail: inPart(problem),
      };
    });
    return { ...plan, startedAt, by, unrecorded: await recordAll(runs) };
  }

  /** What is about to be done in each region, so that it is on record also where this process does not live to see the end of it. */
  async function recordIntent(before: Look, steps: readonly Step[], run: Pick<RunOfRegion, 'by' | 'startedAt'>) {
    const runs = before.regions.flatMap(({ region, differences }): readonly RunOfRegion[] => {
      const own = steps.filter((step) => step.region === region);
      if (own.length === 0) return [];
      const detail = inPart(
        `Begins, with ${own.length} steps: ${own.map(({ phase, place }) => `${phase} ${textOfPlace(place)}`).join('; ')}.`,
      );
      return [{ ...run, operation: 'apply', about: region, policy: policy.digest, outcome: 'differs', differences, detail }];
    });
    // Where the topic is still to be made nothing can be kept, and nobody has published anything either.
    return recordAll(
      runs,
      logs.filter(({ region }) => hasRecord(before, region)),
    );
  }

  async function apply({ by, accept = false, signal, onStep }: ApplyOptions): Promise<AppliedRun> {
    mustBeOperator(by);
    const startedAt = isoTime(clock());
    const before = await lookAround(signal);
    const { steps } = planOf(before, accept);
    const isRecordThere = logs.some(({ region }) => hasRecord(before, region));
    const unbegun = isRecordThere ? await recordIntent(before, steps, { by, startedAt }) : [];
    const { taken, failures, wasInterrupted } = await takeAll(admins, steps, { onStep, signal });
    const after = planOf(await lookAround(), accept);
    const regions = after.regions.map((found) => withFailures(found, failures));
    const runs = regions.map(({ region, problem, differences, state }): RunOfRegion => {
      const own = taken.filter((step) => step.region === region).length;
      const isRefused = after.held.some(({ difference, reason }) => difference.region === region && reason !== 'region_away');
      const settled = differences.length > 0 ? 'differs' : own > 0 ? 'applied' : 'in_order';
      const interruption = wasInterrupted ? 'Interrupted. ' : '';
      return {
        ...{ operation: 'apply', about: region, by, startedAt, policy: policy.digest },
        outcome: state === 'unreachable' || state === 'failed' ? 'failed' : isRefused ? 'refused' : settled,
        // What was found before: an auditor wants to know what was mended.
        differences: before.differences.filter((difference) => difference.region === region),
        detail: inPart(
          `${interruption}${own} steps taken, ${differences.length} differences left.${problem === undefined ? '' : ` ${problem}`}`,
        ),
      };
    });
    const unrecorded = [...new Set([...unbegun, ...(await recordAll(runs))])];
    return { ...after, regions, startedAt, by, taken, wasInterrupted, unrecorded };
  }

  return {
    plan: async ({ accept = false, signal } = {}) => planOf(await lookAround(signal), accept),
    apply,
    audit,
    runs: async ({ limit = runsMax } = {}) => readRecord(logs, limit),
    close: async () => {
      await Promise.all(admins.map((admin) => admin.close()));
    },
  };
}

/** Whether the region's log has the topic of the record, as far as is known. */
const hasRecord = ({ regions }: Look, region: string): boolean =>
  regions.some(
    (found) =>
      found.region === region &&
      found.state !== 'unreachable' &&
      !found.differences.some(
        ({ place, live }) => place.kind === 'topic' && place.topic === ringTopic.topic && live === undefined,
      ),
  );

function withFailures(found: RegionFindings, failures: ReadonlyMap<RegionAdmin, string>): RegionFindings {
  const own = [...failures].filter(([{ region }]) => region === found.region).map(([, message]) => message);
  if (own.length === 0) return found;
  return { ...found, state: 'failed', problem: [...(found.problem === undefined ? [] : [found.problem]), ...own].join(' ') };
}
