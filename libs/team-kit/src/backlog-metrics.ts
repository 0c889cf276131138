import type { EventLog, PartitionBacklog } from '@ringside/event-log';
import { Gauge, type Registry } from 'prom-client';

import type { Subscriber } from './subscriber.js';

type Backlog = PartitionBacklog & { readonly topic: string };

/** Shows how far a subscriber is behind. The log is asked when the metrics are, once for all gauges. */
export function observeBacklog(subscriber: Subscriber, log: EventLog, registry: Registry): void {
  let reading: Promise<readonly Backlog[]> | undefined;
  const read = (): Promise<readonly Backlog[]> =>
    (reading ??= backlogsOf(subscriber, log).finally(() => (reading = undefined)));

  function gauge(name: string, help: string, figureOf: (backlog: Backlog) => number): void {
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

  gauge('ringside_subscription_backlog_events', 'Events that the subscription has not acknowledged.', ({ backlog }) => backlog);
  gauge(
    'ringside_subscription_lag_seconds',
    'Age of the oldest event that the subscription has not acknowledged.',
    ({ oldestAppendedAt }) => (oldestAppendedAt === null ? 0 : Math.max(0, (Date.now() - oldestAppendedAt) / 1_000)),
  );
}

/** While the log is away the last figures stand: the other metrics must still be had. */
async function backlogsOf({ name, topics }: Subscriber, log: EventLog): Promise<readonly Backlog[]> {
  const perTopic = topics.map(async (topic) => {
    const partitions = await log.backlog(topic, name).catch(() => []);
    return partitions.map((partition) => ({ ...partition, topic }));
  });
  return (await Promise.all(perTopic)).flat();
}
