import { hostname } from 'node:os';
import { uuidv7 } from '@ringside/core';
import type { Delivery, EventLog } from '@ringside/event-log';
import { topics } from '@ringside/events';
import type { Logger } from '@ringside/platform';
import type { ViewStore } from '@ringside/view-store';
import { Gauge, type Registry } from 'prom-client';

import { alignCursors } from './align-cursors.js';
import { EventLogServer } from './event-log-server.js';
import { metricsObserver } from './metrics-observer.js';
import type { Observer } from './observer.js';
import { Processor } from './processor.js';
import { tablesOf, type Subscriber } from './subscriber.js';
import { Views } from './views.js';

export interface RuntimeResources {
  readonly eventLog: EventLog;
  readonly viewStore: ViewStore;
  readonly metrics: Registry;
  readonly logger: Logger;
  readonly region: string;
}

/** How often a process looks whether a rebuild has made another generation of the views current. */
const generationPollMs = 2_000;

/** A subscriber at work in this process: its views, the processor that writes them, and the transport that feeds it. */
export class SubscriberRuntime {
  readonly server: EventLogServer;
  private readonly poll: NodeJS.Timeout;
  private following = false;

  private constructor(
    readonly subscriber: Subscriber,
    private readonly resources: RuntimeResources,
    private readonly observer: Observer,
    private readonly aborting: AbortController,
    private live: { readonly views: Views; readonly processor: Processor },
  ) {
    this.server = new EventLogServer({
      log: resources.eventLog,
      subscription: subscriber.name,
      consumer: `${subscriber.name}@${hostname()}/${process.pid}/${uuidv7().slice(-6)}`,
      ...(subscriber.lingerMs === undefined ? {} : { lingerMs: subscriber.lingerMs }),
      onDrainExpired: () => aborting.abort(),
    });
    this.poll = setInterval(() => void this.followGeneration(), generationPollMs).unref();
    observeBacklog(subscriber, resources);
  }

  static async start(subscriber: Subscriber, resources: RuntimeResources): Promise<SubscriberRuntime> {
    const { eventLog, viewStore, metrics, logger, region } = resources;
    for (const { topic, partitions } of topics) {
      if (subscriber.topics.includes(topic)) await eventLog.createTopic(topic, { partitions });
    }
    const views = await Views.current(viewStore, subscriber.name);
    await views.createTables(tablesOf(subscriber));
    await alignCursors(eventLog, views, subscriber);
    const observer = metricsObserver(metrics, logger);
    const aborting = new AbortController();
    const processor = new Processor({ subscriber, log: eventLog, views, observer, region, signal: aborting.signal });
    return new SubscriberRuntime(subscriber, resources, observer, aborting, { views, processor });
  }

  get views(): Views {
    return this.live.views;
  }

  get processor(): Processor {
    return this.live.processor;
  }

  /** Takes records to the views; answers with the partitions whose records were not taken and have to come again. */
  async process(deliveries: readonly Delivery[]): Promise<readonly number[]> {
    try {
      return (await this.processor.process(deliveries)).lost;
    } catch (error) {
      if (!this.aborting.signal.aborted) throw error;
      // Stopped while a dependency was away: no error, what is not on disk comes again after the start.
      return [...new Set(deliveries.map(({ partition }) => partition))];
    }
  }

  stop(): void {
    clearInterval(this.poll);
  }

  private async followGeneration(): Promise<void> {
    const { subscriber, resources } = this;
    if (this.following) return;
    this.following = true;
    try {
      const views = await Views.current(resources.viewStore, subscriber.name);
      if (views.generation === this.views.generation) return;
      // The cursors are ahead of the new generation by what came since it was filled.
      await this.server.paused(async () => {
        try {
          await alignCursors(resources.eventLog, views, subscriber);
          this.live = { views, processor: this.processorOn(views) };
        } catch (error) {
          // Consumption begins anew in any case, with assignments that are numbered anew.
          this.live = { ...this.live, processor: this.processorOn(this.views) };
          throw error;
        }
      });
      resources.logger.info({ generation: views.generation }, 'views of another generation are live');
    } catch (error) {
      resources.logger.warn({ err: error }, 'could not look for another generation of the views');
    } finally {
      this.following = false;
    }
  }

  private processorOn(views: Views): Processor {
    const { subscriber, observer, resources } = this;
    const { eventLog: log, region } = resources;
    return new Processor({ subscriber, log, views, observer, region, signal: this.aborting.signal });
  }
}

function observeBacklog(subscriber: Subscriber, { eventLog, metrics }: RuntimeResources): void {
  const oldest = new Gauge({
    name: 'ringside_subscription_lag_seconds',
    help: 'Age of the oldest event that the subscription has not acknowledged.',
    labelNames: ['topic', 'partition'],
    registers: [metrics],
  });
  new Gauge({
    name: 'ringside_subscription_backlog_events',
    help: 'Events that the subscription has not acknowledged.',
    labelNames: ['topic', 'partition'],
    registers: [metrics],
    async collect() {
      for (const topic of subscriber.topics) {
        for (const { partition, backlog, oldestAppendedAt } of await eventLog.backlog(topic, subscriber.name)) {
          this.set({ topic, partition }, backlog);
          oldest.set(
            { topic, partition },
            oldestAppendedAt === null ? 0 : Math.max(0, (Date.now() - oldestAppendedAt) / 1_000),
          );
        }
      }
    },
  });
}
