import { reportReasons } from '@ringside/events';

import { compare } from '../compare.js';
import { findTeam } from '../find-team.js';
import type { Measurement } from '../measurement.js';
import { expectCount, type BenchContext, type BenchRow, type RowResult } from '../row.js';
import { runWorker } from '../worker-process.js';

/** The team whose views are made. */
export const projectingTeam = 'cheating';

export interface ProjectionInput {
  /** Holds the log, and the file of recorded writes. */
  readonly filled: string;
  /** Where the views go. */
  readonly directory: string;
  readonly events: number;
  /** So many of them, rounded up to whole batches, before the measurement. */
  readonly warmUp: number;
}

export interface ProjectionResult extends Measurement {
  /** Rows of the team's timeline in the end: one for each event. */
  readonly timelineRows: number;
}

export interface FillingInput extends Omit<ProjectionInput, 'warmUp'> {
  readonly reasons: readonly string[];
}

export const projection: BenchRow = {
  name: 'projection',
  title: `events of a filled log projected into the ${projectingTeam} team's views`,
  run: async (context): Promise<RowResult> => {
    if ((await findTeam(projectingTeam)) === undefined) {
      return { kind: 'skipped', why: `the ${projectingTeam} team is not in this workspace` };
    }
    const events = eventsOf(context);
    const warmUp = events / 4;
    const filled = await fillForProjection(context, events);
    const run = async (worker: 'projection-floor' | 'projection-subject'): Promise<Measurement> => {
      const input: ProjectionInput = { filled, directory: context.newDirectory(), events, warmUp };
      const options = worker === 'projection-subject' ? context : {};
      const result = await runWorker<ProjectionResult>(worker, input, options);
      expectCount(`rows of the timeline, by ${worker}`, result.timelineRows, events);
      return result;
    };
    return compare(
      {
        subjectIs:
          'what the service does: batches of at most 500 from the subscription, Processor.process with all projections, reactions and metrics, acknowledge; every event is of this team; durable',
        floorIs:
          'the same row writes as bytes in memory (keys, and timestamp and JSON text as values), put or removed in lmdb-js with overlappingSync: false, a transaction for each batch of the subject, with one put for each checkpoint; no reading, no log',
        aimRatioMin: 0.7,
        floor: () => run('projection-floor'),
        subject: () => run('projection-subject'),
      },
      context,
    );
  },
};

/** How many events are projected, or rebuilt. */
export const eventsOf = ({ quick }: BenchContext): number => (quick ? 5_000 : 50_000);

const filledFor = new WeakMap<BenchContext, Map<number, Promise<string>>>();

/** A log with so many events, and what the team's projection writes for it: filled once a run, by the first row that asks. */
export function fillForProjection(context: BenchContext, events: number): Promise<string> {
  const ofRun = filledFor.get(context) ?? new Map<number, Promise<string>>();
  filledFor.set(context, ofRun);
  const filled = ofRun.get(events) ?? fill(context, events);
  ofRun.set(events, filled);
  return filled;
}

async function fill(context: BenchContext, events: number): Promise<string> {
  const filled = context.newDirectory();
  const reasons = reportReasons.filter(({ teams }) => (teams as readonly string[]).includes(projectingTeam));
  const input: FillingInput = {
    filled,
    directory: context.newDirectory(),
    events,
    reasons: reasons.map(({ reason }) => reason),
  };
  await runWorker('projection-filling', input);
  return filled;
}
