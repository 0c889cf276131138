import { openEmbeddedEventLog } from '@ringside/event-log-embedded';

import { compare } from '../compare.js';
import type { Measurement } from '../measurement.js';
import { expectCount, type BenchContext, type BenchRow } from '../row.js';
import { runWorker } from '../worker-process.js';

export interface AppendInput {
  readonly directory: string;
  readonly callers: number;
  readonly events: number;
  /** Done before the measurement. */
  readonly warmUp: number;
}

export const recordBytes = 500;
export const appendTopic = 'bench';

export const append: BenchRow = {
  name: 'append',
  title: 'durable events appended through the embedded log',
  run: (context) =>
    compare(
      {
        subjectIs: `EventLog.append of the embedded log: 64 callers, each awaits its record of ${recordBytes} bytes; 8 partitions`,
        floorIs: `lmdb-js with overlappingSync: false, bytes as keys and values: 64 callers, each awaits put() of the same ${recordBytes} bytes under a key that counts up`,
        aimRatioMin: 0.9,
        floor: async () => {
          const input = inputOf(context);
          const measurement = await runWorker<Measurement & { readonly stored: number }>('append-floor', input);
          expectCount('records in the file of the floor', measurement.stored, input.events + input.warmUp);
          return measurement;
        },
        subject: async () => {
          const input = inputOf(context);
          const measurement = await runWorker<Measurement>('append-subject', input, context);
          expectCount('events on the log', await eventsOnLog(input.directory), input.events + input.warmUp);
          return measurement;
        },
      },
      context,
    ),
};

const inputOf = ({ quick, newDirectory }: BenchContext): AppendInput => ({
  directory: newDirectory(),
  callers: 64,
  events: quick ? 20_000 : 60_000,
  warmUp: 3_000,
});

/** Events with an id of their own, read one by one. */
async function eventsOnLog(directory: string): Promise<number> {
  const log = await openEmbeddedEventLog({ directory });
  const ids = new Set<string>();
  for (const { partition } of await log.heads(appendTopic)) {
    for await (const { id } of log.read({ topic: appendTopic, partition })) ids.add(id);
  }
  await log.close();
  return ids.size;
}
