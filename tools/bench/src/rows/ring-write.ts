import { compare } from '../compare.js';
import { findTeam } from '../find-team.js';
import type { Measurement } from '../measurement.js';
import { onRing } from '../ring-servers.js';
import { expectCount, type BenchRow } from '../row.js';
import { runWorker } from '../worker-process.js';
import { fillForProjection, projectingTeam } from './projection.js';

export interface RingWriteInput {
  /** Holds the file of recorded calls. */
  readonly filled: string;
  readonly viewStoreUrl: string;
  /** The keyspace's, new in each round. */
  readonly name: string;
  readonly events: number;
  /** So many of them, rounded up to whole batches, before the measurement. */
  readonly warmUp: number;
}

export interface RingWriteResult extends Measurement {
  /** Rows of the team's timeline in the end: one for each event. */
  readonly timelineRows: number;
}

export const ringWrite: BenchRow = {
  name: 'ring-write',
  title: `what the ${projectingTeam} team's projections write, stored in CQL`,
  run: (context) =>
    onRing(context.ring, async ({ viewStoreUrl }) => {
      if ((await findTeam(projectingTeam)) === undefined) {
        return { kind: 'skipped', why: `the ${projectingTeam} team is not in this workspace` };
      }
      const events = context.quick ? 4_000 : 12_000;
      const filled = await fillForProjection(context, events);
      let rounds = 0;
      const run = async (worker: 'ring-write-floor' | 'ring-write-subject'): Promise<Measurement> => {
        const input: RingWriteInput = { filled, viewStoreUrl, name: `write_${++rounds}`, events, warmUp: events / 4 };
        const options = worker === 'ring-write-subject' ? context : {};
        const result = await runWorker<RingWriteResult>(worker, input, options);
        expectCount(`rows of the timeline, by ${worker}`, result.timelineRows, events);
        return result;
      };
      return compare(
        {
          subjectIs:
            'ViewStore.write of the CQL driver: the rows of a batch of at most 500 events, those that come last, and then the checkpoints by lightweight transactions; as JSON text, in batches of one partition each',
          floorIs:
            'bare cassandra-driver with the same consistency and the same number of connections: each of the same rows (texts in memory) by a prepared INSERT or DELETE of its own, 128 at a time; the same batches one after the other; no checkpoints',
          aimRatioMin: 0.7,
          floor: () => run('ring-write-floor'),
          subject: () => run('ring-write-subject'),
        },
        context,
      );
    }),
};
