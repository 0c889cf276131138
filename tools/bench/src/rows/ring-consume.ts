import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openPulsarEventLog, type PulsarEventLog } from '@ringside/event-log-pulsar';

import { byCallers } from '../callers.js';
import { compare } from '../compare.js';
import type { Measurement } from '../measurement.js';
import { onRing } from '../ring-servers.js';
import { expectCount, type BenchContext, type BenchRow, type RowResult } from '../row.js';
import { runWorker } from '../worker-process.js';
import { recordBytes } from './ring-append.js';

export interface RingConsumeInput {
  readonly eventLogUrl: string;
  readonly topic: string;
  readonly partitions: number;
  /** Exists, and has its cursors at the beginning. */
  readonly subscription: string;
  readonly events: number;
  /** So many of them, about, before the measurement. */
  readonly warmUp: number;
}

export interface RingConsumeResult extends Measurement {
  /** Events with an id of their own, the warm-up's included. */
  readonly received: number;
}

const partitions = 8;
const acknowledgedMsMax = 30_000;

export const ringConsume: BenchRow = {
  name: 'ring-consume',
  title: 'events consumed from Pulsar over its WebSocket API, and acknowledged',
  run: (context) =>
    onRing(context.ring, async ({ eventLogUrl }) => {
      const log = await openPulsarEventLog({ url: eventLogUrl });
      try {
        return await comparison(log, eventLogUrl, context);
      } finally {
        await log.close();
      }
    }),
};

async function comparison(log: PulsarEventLog, eventLogUrl: string, context: BenchContext): Promise<RowResult> {
  const topic = `bench-${randomUUID().slice(0, 8)}`;
  const events = context.quick ? 50_000 : 120_000;
  await log.createTopic(topic, { partitions });
  const bytes = randomBytes(recordBytes);
  await byCallers(256, events, (i) => log.append([{ topic, key: `subject-${i % 1_000}`, id: `event-${i}`, bytes }]));
  context.say(`${events.toLocaleString('en-US')} events are on the topic`);
  const round = async (worker: string): Promise<Measurement> => {
    const subscription = `${worker}-${randomUUID().slice(0, 8)}`;
    await log.resetCursor(topic, subscription, { at: 'earliest' });
    const input: RingConsumeInput = { eventLogUrl, topic, partitions, subscription, events, warmUp: events / 4 };
    const result = await runWorker<RingConsumeResult>(worker, input, worker.endsWith('subject') ? context : {});
    expectCount(`events received by ${worker}`, result.received, events);
    expectCount(`events that ${worker} did not acknowledge`, await leftOver(log, topic, subscription), 0);
    return result;
  };
  return compare(
    {
      subjectIs: `EventLog.subscribe of the WebSocket driver on ${partitions} partitions: receive at most 500, acknowledge, again`,
      floorIs: `bare ws, one consumer a partition with the same settings (Failover, pull mode, receiverQueueSize=500): JSON.parse, the bytes from base64, an acknowledgement, and 250 permits after each 250 events`,
      aimRatioMin: 0.8,
      floor: () => round('ring-consume-floor'),
      subject: () => round('ring-consume-subject'),
    },
    context,
  );
}

/** Acknowledgements are lazy, so it is asked until they are there. */
async function leftOver(log: PulsarEventLog, topic: string, subscription: string): Promise<number> {
  for (const deadline = Date.now() + acknowledgedMsMax; ; await sleep(100)) {
    const left = (await log.backlog(topic, subscription)).reduce((sum, { backlog }) => sum + backlog, 0);
    if (left === 0 || Date.now() > deadline) return left;
  }
}
