import type { Delivery, ReceiveOptions, SubscribeOptions, Subscription } from '@ringside/event-log';
import { UnavailableError } from '@ringside/core';

import type { SimulatedProcess } from '../world/process.js';
import type { LogContent } from './log-content.js';
import type { Consumer, SubscriptionContent } from './subscription-content.js';

/** How long the log takes to notice that a consumer is gone, or does not answer. */
const noticeMs = { min: 100, max: 6_000 };

interface Waiter {
  readonly recordsMax: number;
  readonly resolve: (deliveries: readonly Delivery[]) => void;
  isDue: boolean;
}

/** One consumer of a subscription, as its process has it. */
export class SimulatedSubscription implements Subscription {
  private waiter: Waiter | undefined;
  private isClosed = false;
  private readonly consumer: Consumer;

  constructor(
    private readonly log: LogContent,
    private readonly content: SubscriptionContent,
    private readonly process: SimulatedProcess,
    private readonly options: SubscribeOptions,
  ) {
    this.consumer = { process, name: options.consumer, wake: () => this.deliverSoon() };
    content.join(this.consumer);
    const { random } = log.world;
    process.onDeath.push(() => {
      const afterMs = noticeMs.min + random.next() * noticeMs.max;
      log.world.schedule(undefined, afterMs, `${this.label} is noticed to be gone`, () => content.leave(this.consumer, true));
    });
  }

  /** For a process that was stopped: its partitions go to others if that lasts. */
  static notice(log: LogContent, process: SimulatedProcess): void {
    for (const { name, subscriptions } of log.topics.values()) {
      for (const content of subscriptions.values()) {
        for (const consumer of new Set(content.assignments.map((one) => one.consumer))) {
          if (consumer?.process !== process) continue;
          const afterMs = noticeMs.min + log.world.random.next() * noticeMs.max;
          log.world.schedule(undefined, afterMs, `${name}: ${process.name} is found stopped`, () => {
            if (process.isPaused) content.leave(consumer, false);
          });
        }
      }
    }
  }

  private get label(): string {
    return `${this.options.topic}: ${this.options.subscription}`;
  }

  receive({ recordsMax, waitMsMax }: ReceiveOptions): Promise<readonly Delivery[]> {
    const { world } = this.log;
    if (this.isClosed) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      if (this.log.away !== undefined || world.fault(world.weather.failing)) {
        const error = new UnavailableError('event-log', this.log.away ?? 'no answer');
        return void world.schedule(this.process, world.latency(), `${this.label} receive fails`, () => reject(error));
      }
      const waiter: Waiter = { recordsMax, resolve, isDue: false };
      this.waiter = waiter;
      world.schedule(this.process, waitMsMax, `${this.label} has nothing`, () => {
        if (this.waiter === waiter) this.answer([]);
      });
      this.rejoin();
      this.deliverSoon();
    });
  }

  /** Whoever was stopped for long is a consumer no more, and begins again. */
  private rejoin(): void {
    if (!this.isClosed && this.process.isAlive && !this.content.has(this.consumer)) this.content.join(this.consumer);
  }

  private deliverSoon(): void {
    const { waiter } = this;
    if (waiter === undefined || waiter.isDue || !this.content.hasMore(this.consumer)) return;
    waiter.isDue = true;
    const { world } = this.log;
    world.schedule(this.process, world.latency(), `${this.label} delivers`, () => {
      if (this.waiter !== waiter) return;
      waiter.isDue = false;
      const deliveries = this.log.away === undefined ? this.content.take(this.consumer, waiter.recordsMax) : [];
      if (deliveries.length > 0) this.answer(deliveries);
    });
  }

  private answer(deliveries: readonly Delivery[]): void {
    const { waiter } = this;
    this.waiter = undefined;
    waiter?.resolve(deliveries);
  }

  acknowledge(deliveries: readonly Delivery[]): Promise<void> {
    if (deliveries.length === 0) return Promise.resolve();
    return this.change('acknowledge', () => this.content.acknowledge(this.consumer, deliveries));
  }

  redeliver(partition: number): Promise<void> {
    return this.change('redeliver', () => {
      if (this.content.assignments[partition]!.consumer === this.consumer) this.content.assign(partition, this.consumer);
    });
  }

  assigned(): readonly number[] {
    return this.content.assigned(this.consumer);
  }

  close(): Promise<void> {
    this.isClosed = true;
    this.answer([]);
    // Whoever does not get through is missed in the end.
    const leave = (): void => this.content.leave(this.consumer, true);
    this.log.world.schedule(undefined, noticeMs.max, `${this.label} is noticed to be closed`, leave);
    return this.change('close', () => this.content.leave(this.consumer, false));
  }

  private change(what: string, part: () => void): Promise<void> {
    const label = `${this.label} ${what}`;
    const { world } = this.log;
    return world.call({
      ...{ process: this.process, dependency: 'event-log', label, parts: [part], answer: () => undefined },
      away: () => this.log.away,
    });
  }
}
