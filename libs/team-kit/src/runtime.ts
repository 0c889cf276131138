import { hostname } from 'node:os';
import { UnavailableError, uuidv7 } from '@ringside/core';
import type { Delivery, EventLog } from '@ringside/event-log';
import type { Logger } from '@ringside/platform';
import type { ViewStore } from '@ringside/view-store';
import type { Registry } from 'prom-client';

import { alignCursors } from './align-cursors.js';
import { observeBacklog } from './backlog-metrics.js';
import { EventLogServer } from './event-log-server.js';
import { metricsObserver } from './metrics-observer.js';
import type { Observer } from './observer.js';
import { Processor } from './processor.js';
import type { PlacedSubscriber } from './placed-subscriber.js';
import { tablesOf } from './subscriber.js';
import { Views } from './views.js';

export interface RuntimeResources {
  readonly eventLog: EventLog;
  readonly viewStore: ViewStore;
  readonly metrics: Registry;
  readonly logger: Logger;
  /** How long the process may take to stop, in ms. */
  readonly drainMsMax?: number;
}

/**
 * The part of that time, from its beginning on, that records under way get: what is left of it is for closing what they were using.
 * It is more than what HTTP requests get, which are finished first.
 */
const drainShare = 0.8;

/**
 * How often a process looks whether a rebuild has made another generation of the views current, and goes on with what is
 * parked in its partitions.
 */
const pollMs = 2_000;

interface Live {
  readonly views: Views;
  readonly processor: Processor;
}

/** A subscriber at work in this process: its views, the processor that writes them, and the transport that feeds it. */
export class SubscriberRuntime {
  readonly server: EventLogServer;
  private readonly observer: Observer;
  private readonly aborting = new AbortController();
  private readonly poll: NodeJS.Timeout;
  private live: Live | undefined;
  private polling = false;

  /** Asks neither the log nor the store: they may be away. The server prepares what it needs before it consumes. */
  constructor(
    readonly subscriber: PlacedSubscriber,
    private readonly resources: RuntimeResources,
  ) {
    this.observer = metricsObserver(resources.metrics, resources.logger);
    this.server = new EventLogServer({
      log: resources.eventLog,
      subscription: subscriber.name,
      consumer: `${subscriber.name}@${hostname()}/${process.pid}/${uuidv7().slice(-6)}`,
      ...(subscriber.lingerMs === undefined ? {} : { lingerMs: subscriber.lingerMs }),
      ...(resources.drainMsMax === undefined ? {} : { drainMsMax: resources.drainMsMax * drainShare }),
      onDrainExpired: () => this.aborting.abort(),
      onRest: (topic) => this.rest(topic),
      prepare: () => this.prepare(),
    });
    this.poll = setInterval(() => void this.look(), pollMs).unref();
    observeBacklog(subscriber, resources.eventLog, resources.metrics);
  }

  /** A runtime that is prepared already, for whoever feeds it by other means than its server. */
  static async start(subscriber: PlacedSubscriber, resources: RuntimeResources): Promise<SubscriberRuntime> {
    const runtime = new SubscriberRuntime(subscriber, resources);
    await runtime.prepare();
    return runtime;
  }

  get isPrepared(): boolean {
    return this.live !== undefined;
  }

  /** Throws `UnavailableError` until the topics and tables are there. */
  get views(): Views {
    return this.prepared().views;
  }

  get processor(): Processor {
    return this.prepared().processor;
  }

  prepared(): Live {
    if (this.live !== undefined) return this.live;
    throw new UnavailableError('view-store', 'The service has not reached its event log and its view store yet.');
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

  private async rest(topic: string): Promise<void> {
    try {
      await this.live?.processor.rest(topic);
    } catch (error) {
      // Whoever has the partitions next reacts once more to the last batch.
      if (!this.aborting.signal.aborted) throw error;
    }
  }

  /** Once nothing is consumed any longer: whatever still waits for a dependency gives up. */
  stop(): void {
    clearInterval(this.poll);
    this.aborting.abort();
  }

  private async look(): Promise<void> {
    if (this.polling) return;
    this.polling = true;
    await this.followGeneration();
    await this.tendParked();
    this.polling = false;
  }

  private async tendParked(): Promise<void> {
    const { live, server, subscriber, resources } = this;
    // Where somebody else feeds it, its server holds nothing, and does not say what is assigned.
    if (live === undefined || !server.hasBegun) return;
    try {
      for (const topic of subscriber.topics) await live.processor.tend(topic, server.assigned(topic));
    } catch (error) {
      if (!this.aborting.signal.aborted) resources.logger.warn({ err: error }, 'could not go on with parked events');
    }
  }

  /** May run again after it failed half-way: whatever it makes may be there already. */
  private async prepare(): Promise<void> {
    if (this.live !== undefined) return;
    const { subscriber, resources } = this;
    const { eventLog, viewStore } = resources;
    const { topics: produced = [], tables = [] } = subscriber.needs ?? {};
    for (const { name, topic } of subscriber.placement.held) {
      if (subscriber.topics.includes(name) || produced.includes(name)) await eventLog.createTopic(name, topic);
    }
    await viewStore.createTables(tables);
    const views = await Views.current(viewStore, subscriber.name);
    await views.createTables(tablesOf(subscriber));
    await alignCursors(eventLog, views, subscriber);
    this.live = this.liveOn(views);
  }

  private async followGeneration(): Promise<void> {
    const { subscriber, resources, live } = this;
    if (live === undefined) return;
    try {
      const { current } = await live.views.generations();
      if (current === live.views.generation) return;
      const views = live.views.ofGeneration(current);
      await views.createTables(tablesOf(subscriber)); // whoever made it live may have known other tables
      // The cursors are ahead of the new generation by what came since it was filled.
      await this.server.paused(async () => {
        try {
          await alignCursors(resources.eventLog, views, subscriber);
          this.live = this.liveOn(views);
        } catch (error) {
          // Consumption begins anew in any case, with assignments that are numbered anew.
          this.live = this.liveOn(live.views);
          throw error;
        }
      });
      resources.logger.info({ generation: views.generation }, 'views of another generation are live');
    } catch (error) {
      resources.logger.warn({ err: error }, 'could not look for another generation of the views');
    }
  }

  private liveOn(views: Views): Live {
    const { subscriber, observer, resources } = this;
    const { eventLog: log } = resources;
    return { views, processor: new Processor({ subscriber, log, views, observer, signal: this.aborting.signal }) };
  }
}
