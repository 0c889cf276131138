import { randomUUID } from 'node:crypto';
import { openPulsarEventLog } from '@ringside/event-log-pulsar';

import { compare } from '../compare.js';
import type { Measurement } from '../measurement.js';
import { onRing, type RingServers } from '../ring-servers.js';
import { expectCount, type BenchContext, type BenchRow } from '../row.js';
import { runWorker } from '../worker-process.js';

export interface RingAppendInput {
  readonly eventLogUrl: string;
  /** Exists. */
  readonly topic: string;
  readonly partitions: number;
  readonly callers: number;
  readonly events: number;
  /** Done before the measurement. */
  readonly warmUp: number;
}

export const recordBytes = 500;
const partitions = 8;
const callers = 256;

export const ringAppend: BenchRow = {
  name: 'ring-append',
  title: 'events appended to Pulsar over its WebSocket API',
  run: (context) =>
    onRing(context.ring, (ring) =>
      compare(
        {
          subjectIs: `EventLog.append of the WebSocket driver: ${callers} callers, each awaits its record of ${recordBytes} bytes; ${partitions} partitions`,
          floorIs: `bare ws, one producer a partition with the same settings: ${callers} callers, each awaits the acknowledgement of the same ${recordBytes} bytes in base64 with the same key and id, JSON.stringify and JSON.parse`,
          aimRatioMin: 0.8,
          floor: () => round('ring-append-floor', ring, context),
          subject: () => round('ring-append-subject', ring, context),
        },
        context,
      ),
    ),
};

async function round(worker: string, { eventLogUrl }: RingServers, context: BenchContext): Promise<Measurement> {
  const topic = `bench-${randomUUID().slice(0, 8)}`;
  const input: RingAppendInput = {
    eventLogUrl,
    topic,
    partitions,
    callers,
    events: context.quick ? 40_000 : 100_000,
    warmUp: 5_000,
  };
  const log = await openPulsarEventLog({ url: eventLogUrl });
  try {
    await log.createTopic(topic, { partitions });
    const measurement = await runWorker<Measurement>(worker, input, worker.endsWith('subject') ? context : {});
    const ids = new Set<string>();
    for (const { partition } of await log.heads(topic)) for await (const { id } of log.read({ topic, partition })) ids.add(id);
    expectCount(`events on the topic, by ${worker}`, ids.size, input.events + input.warmUp);
    return measurement;
  } finally {
    await log.close();
  }
}
