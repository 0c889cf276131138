import { join } from 'node:path';
import { standalone } from '@ringside/data-ring';
import type { EventLog } from '@ringside/event-log';
import { reportsTopic } from '@ringside/events';
import { createLogger, readConfig } from '@ringside/platform';
import { placed, SubscriberRuntime, type Subscriber } from '@ringside/team-kit';
import type { ViewStore } from '@ringside/view-store';
import { Registry } from 'prom-client';

export const logDirectory = (filled: string): string => join(filled, 'event-log');
export const recordedWrites = (filled: string): string => join(filled, 'writes.json');

export interface Projecting {
  readonly runtime: SubscriberRuntime;
  /** Takes batches from the subscription until so many events are processed; answers with how many it were. */
  run(events: number): Promise<number>;
  /** Takes what still comes within so many ms; answers with how many it were. */
  drain(ms: number): Promise<number>;
  close(): Promise<void>;
}

/** A subscriber at work on the reports topic, as in its service, without the service around it. */
export async function openProjecting(subscriber: Subscriber, eventLog: EventLog, viewStore: ViewStore): Promise<Projecting> {
  const logger = createLogger('bench', { ...readConfig({}, { port: 0 }), logLevel: 'warn' });
  const resources = { eventLog, viewStore, metrics: new Registry(), logger };
  const runtime = await SubscriberRuntime.start(placed(subscriber, standalone('local')), resources);
  const subscription = await eventLog.subscribe({
    topic: reportsTopic.topic,
    subscription: subscriber.name,
    start: { at: 'earliest' },
    consumer: `bench-${process.pid}`,
  });
  const takeBatch = async (waitMsMax: number): Promise<number> => {
    const deliveries = await subscription.receive({ recordsMax: 500, waitMsMax });
    const { lost } = await runtime.processor.process(deliveries);
    if (lost.length > 0) throw new Error('Another process has taken a partition over.');
    await subscription.acknowledge(deliveries);
    return deliveries.length;
  };
  return {
    runtime,
    async run(events) {
      let processed = 0;
      while (processed < events) processed += await takeBatch(1_000);
      return processed;
    },
    async drain(ms) {
      let processed = 0;
      for (let more = 1; more > 0; processed += more) more = await takeBatch(ms);
      return processed;
    },
    async close() {
      runtime.stop();
      await subscription.close();
    },
  };
}
