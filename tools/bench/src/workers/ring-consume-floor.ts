import { once } from 'node:events';

import { barePulsar } from '../bare-pulsar.js';
import { measured } from '../measurement.js';
import type { RingConsumeInput, RingConsumeResult } from '../rows/ring-consume.js';
import { workerMain } from '../worker-process.js';

const settings = 'subscriptionType=Failover&pullMode=true&receiverQueueSize=500&consumerName=bench';
const permits = { first: 500, more: 250 };

interface Message {
  readonly messageId: string;
  readonly payload: string;
  readonly properties: { readonly id: string };
}

await workerMain(async (input: RingConsumeInput): Promise<RingConsumeResult> => {
  const { eventLogUrl, topic, partitions, subscription, events, warmUp } = input;
  const pulsar = barePulsar(eventLogUrl);
  const ids = new Set<string>();
  let bytes = 0;
  let awaited: { readonly received: number; readonly resolve: () => void } | undefined;
  const until = (received: number): Promise<void> =>
    new Promise((resolve) => {
      if (ids.size >= received) resolve();
      else awaited = { received, resolve };
    });
  const paths = Array.from({ length: partitions }, (_, partition) => pulsar.partition(topic, partition));
  const sockets = await Promise.all(paths.map((path) => pulsar.connect(`consumer/${path}/${subscription}?${settings}`)));
  for (const socket of sockets) {
    let taken = 0;
    socket.on('message', (data) => {
      const { messageId, payload, properties } = JSON.parse((data as Buffer).toString()) as Partial<Message>;
      if (messageId === undefined) return;
      bytes += Buffer.from(payload!, 'base64').length;
      ids.add(properties!.id);
      socket.send(`{"type":"ack","messageId":"${messageId}"}`);
      if (++taken % permits.more === 0) socket.send(`{"type":"permit","permitMessages":${permits.more}}`);
      if (awaited !== undefined && ids.size >= awaited.received) awaited.resolve();
    });
    socket.send(`{"type":"permit","permitMessages":${permits.first}}`);
  }
  await until(warmUp);
  const warm = ids.size;
  const measurement = await measured(events - warm, () => until(events));
  const closed = sockets.map((socket) => once(socket, 'close'));
  for (const socket of sockets) socket.close();
  await Promise.all(closed);
  if (bytes === 0) throw new Error('The events were empty.');
  return { ...measurement, received: ids.size };
});
