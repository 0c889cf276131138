import { openEmbeddedEventLog } from '@ringside/event-log-embedded';

import { compareAll } from '../compare.js';
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

export interface AppendFloorInput extends AppendInput {
  /** Whether each record is found by its id too. */
  readonly indexesIds: boolean;
}

export const recordBytes = 500;
export const appendTopic = 'bench';

export const append: BenchRow = {
  name: 'append',
  title: 'durable events appended through the embedded log',
  run: (context) =>
    compareAll(
      {
        subjectIs: `EventLog.append of the embedded log: 64 callers, each awaits its record of ${recordBytes} bytes; 8 partitions`,
        counted: 'events',
        subject: async () => {
          const input = inputOf(context);
          const measurement = await runWorker<Measurement>('append-subject', input, context);
          expectCount('events on the log', await eventsOnLog(input.directory), input.events + input.warmUp);
          return measurement;
        },
        others: [
          {
            name: 'bare',
            role: 'floor',
            is: `${barePut} under a key that counts up`,
            aimRatioMin: 0.9,
            run: () => floorRound(context, { indexesIds: false }),
          },
          {
            name: 'bare, with ids',
            role: 'floor',
            is: `${barePut} under a key that counts up, and of that key under an id, a UUIDv7, by which a copy would be recognised`,
            run: () => floorRound(context, { indexesIds: true }),
          },
        ],
      },
      context,
    ),
};

const barePut = `lmdb-js with overlappingSync: false, bytes as keys and values: 64 callers, each awaits put() of the same ${recordBytes} bytes`;

async function floorRound(context: BenchContext, { indexesIds }: Pick<AppendFloorInput, 'indexesIds'>): Promise<Measurement> {
  const input: AppendFloorInput = { ...inputOf(context), indexesIds };
  const measurement = await runWorker<Measurement & { readonly stored: number }>('append-floor', input);
  expectCount('records in the file of the floor', measurement.stored, input.events + input.warmUp);
  return measurement;
}

const inputOf = ({ quick, newDirectory }: BenchContext): AppendInput => ({
  directory: newDirectory(),
  callers: 64,
  events: quick ? 30_000 : 200_000,
  warmUp: 20_000, // before it, what is measured is mostly how long V8 takes to compile
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
