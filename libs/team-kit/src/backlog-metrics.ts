import type { EventLog, PartitionBacklog } from '@ringside/event-log';
import { Gauge, type Registry } from 'prom-client';

import type { PlacedSubscriber } from './placed-subscriber.js';

type Backlog = PartitionBacklog & { readonly topic: string };

interface Figure {
  readonly name: string;
  readonly help: string;
  readonly figureOf: (backlog: Backlog) => number;
}

/** Shows how far a subscriber is behind. The log is asked when the metrics are, once for all gauges. */
export function observeBacklog(subscriber: PlacedSubscriber, log: EventLog, registry: Registry): void {
  let reading: Promise<readonly Backlog[]> | undefined;
  const read = (): Promise<readonly Backlog[]> =>
    (reading ??= backlogsOf(subscriber, log).finally(() => (reading = undefined)));

  function show({ name, help, figureOf }: Figure): void {
    new Gauge({
      name,
      help,
      labelNames: ['topic', 'partition'],
      registers: [registry],
      async collect() {
        for (const backlog of await read()) {
          this.set({ topic: backlog.topic, partition: backlog.partition }, figureOf(backlog));
        }
      },
    });
  }

  show({
    name: 'ringside_subscription_backlog_events',
    help: 'Events that the subscription has not acknowledged.',
    figureOf: ({ backlog }) => backlog,
  });
  show({
    name: 'ringside_subscription_lag_seconds',
    help: 'Age of the oldest event that the subscription has not acknowledged.',
    figureOf: ({ oldestAppendedAt }) => (oldestAppendedAt === null ? 0 : Math.max(0, (Date.now() - oldestAppendedAt) / 1_000)),
  });
}

/** While the log is away the last figures stand: the other metrics must still be had. */
async function backlogsOf({ name, topics }: PlacedSubscriber, log: EventLog): Promise<readonly Backlog[]> {
  const perTopic = topics.map(async (topic) => {
    const partitions = await log.backlog(topic, name).catch(() => []);
    return partitions.map((partition) => ({ ...partition, topic }));
  });
  return (await Promise.all(perTopic)).flat();
}
