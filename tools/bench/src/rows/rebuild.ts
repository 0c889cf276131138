import { compare } from '../compare.js';
import { findTeam } from '../find-team.js';
import type { Measurement } from '../measurement.js';
import { expectCount, type BenchRow, type RowResult } from '../row.js';
import { runWorker } from '../worker-process.js';
import { eventsOf, fillForProjection, projectingTeam, type ProjectionInput, type ProjectionResult } from './projection.js';

export const rebuild: BenchRow = {
  name: 'rebuild',
  title: `the ${projectingTeam} team's views built anew from a filled log`,
  run: async (context): Promise<RowResult> => {
    if ((await findTeam(projectingTeam)) === undefined) {
      return { kind: 'skipped', why: `the ${projectingTeam} team is not in this workspace` };
    }
    const events = eventsOf(context);
    const filled = await fillForProjection(context, events);
    const run = async (worker: 'projection-floor' | 'rebuild-subject'): Promise<Measurement> => {
      const input: ProjectionInput = { filled, directory: context.newDirectory(), events, warmUp: 0 };
      const options = worker === 'rebuild-subject' ? context : {};
      const result = await runWorker<ProjectionResult>(worker, input, options);
      expectCount(`rows of the timeline, by ${worker}`, result.timelineRows, events);
      return result;
    };
    return compare(
      {
        subjectIs:
          'what views:rebuild does before it compares: threads read the log, each with partitions of its own, all projections into a generation of tables of their own, that generation made the live one; from the first event on, durable in the end',
        floorIs:
          'the row writes of the service for the same events as bytes in memory, put or removed in lmdb-js with overlappingSync: false, a transaction for each of its batches; no reading, no log; from the first batch on',
        aimRatioMin: 0.7,
        floor: () => run('projection-floor'),
        subject: () => run('rebuild-subject'),
      },
      context,
    );
  },
};
