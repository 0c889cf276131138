import { randomBytes } from 'node:crypto';
import { partitionOf } from '@ringside/event-log';

import { barePulsar } from '../bare-pulsar.js';
import { byCallers } from '../callers.js';
import { measured } from '../measurement.js';
import { recordBytes, type RingAppendInput } from '../rows/ring-append.js';
import { workerMain } from '../worker-process.js';

const settings = 'batchingEnabled=false&blockIfQueueFull=false&maxPendingMessages=1000&sendTimeoutMillis=0';

interface Answer {
  readonly result: string;
  readonly context: string;
}

await workerMain(async ({ eventLogUrl, topic, partitions, callers, events, warmUp }: RingAppendInput) => {
  const pulsar = barePulsar(eventLogUrl);
  const waiting = new Map<string, { readonly resolve: () => void; readonly reject: (error: Error) => void }>();
  const paths = Array.from({ length: partitions }, (_, partition) => pulsar.partition(topic, partition));
  const sockets = await Promise.all(paths.map((path) => pulsar.connect(`producer/${path}?${settings}`)));
  for (const socket of sockets) {
    socket.on('message', (data) => {
      const { result, context } = JSON.parse((data as Buffer).toString()) as Answer;
      const { resolve, reject } = waiting.get(context)!;
      waiting.delete(context);
      if (result === 'ok') resolve();
      else reject(new Error(`Pulsar answered ${result}.`));
    });
  }
  const bytes = randomBytes(recordBytes);
  let id = 0;
  const append = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const key = `subject-${id % 1_000}`;
      const context = String(id++);
      const frame = { payload: bytes.toString('base64'), key, properties: { id: `event-${context}` }, context };
      waiting.set(context, { resolve, reject });
      sockets[partitionOf(key, partitions)]!.send(JSON.stringify(frame));
    });
  await byCallers(callers, warmUp, append);
  const measurement = await measured(events, () => byCallers(callers, events, append));
  for (const socket of sockets) socket.close();
  return measurement;
});
