import { join } from 'node:path';
import type { EventLog } from '@ringside/event-log';
import { reportsTopic } from '@ringside/events';
import { createLogger, readConfig } from '@ringside/platform';
import { SubscriberRuntime, type Subscriber } from '@ringside/team-kit';
import type { ViewStore } from '@ringside/view-store';
import { Registry } from 'prom-client';

export const logDirectory = (filled: string): string => join(filled, 'event-log');
export const recordedWrites = (filled: string): string => join(filled, 'writes.json');

export interface Projecting {
  readonly runtime: SubscriberRuntime;
  /** Takes what the subscription has until so many events are processed. */
  run(events: number): Promise<void>;
  close(): Promise<void>;
}

/** A subscriber at work on the reports topic, as in its service, without the service around it. */
export async function openProjecting(subscriber: Subscriber, eventLog: EventLog, viewStore: ViewStore): Promise<Projecting> {
  const logger = createLogger('bench', { ...readConfig({}, { port: 0 }), logLevel: 'warn' });
  const resources = { eventLog, viewStore, metrics: new Registry(), logger, region: 'local' };
  const runtime = await SubscriberRuntime.start(subscriber, resources);
  const subscription = await eventLog.subscribe({
    topic: reportsTopic.topic,
    subscription: subscriber.name,
    start: { at: 'earliest' },
    consumer: `bench-${process.pid}`,
  });
  return {
    runtime,
    async run(events) {
      for (let processed = 0; processed < events;) {
        const deliveries = await subscription.receive({ recordsMax: 500, waitMsMax: 1_000 });
        const { lost } = await runtime.processor.process(deliveries);
        if (lost.length > 0) throw new Error('Another process has taken a partition over.');
        await subscription.acknowledge(deliveries);
        processed += deliveries.length;
      }
    },
    async close() {
      runtime.stop();
      await subscription.close();
    },
  };
}
