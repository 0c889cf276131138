import { Logger } from '@nestjs/common';
import { BaseRpcContext, Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { UnavailableError } from '@ringside/core';
import type { Delivery, EventLog, Start, Subscription } from '@ringside/event-log';
import { lastValueFrom } from 'rxjs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface EventLogServerOptions {
  readonly log: EventLog;
  /** Name of the subscription on every topic. */
  readonly subscription: string;
  /** Where a new subscription begins; the earliest event by default, so that a new team gets its queue with full history. */
  readonly start?: Exclude<Start, { at: 'after' }>;
  /** Names this process among the consumers of the subscription. */
  readonly consumer: string;
  /** At most this many records are handed to a handler at once. */
  readonly recordsMax?: number;
  /** Waits so long after a batch that was not full, in ms, so that the next one is larger: fewer commits, later views. */
  readonly lingerMs?: number;
  /** Called when records under way are not through this long after `beginDrain`, in ms: stop waiting for dependencies. */
  readonly drainMsMax?: number;
  readonly onDrainExpired?: () => void;
  /** Called when no record of a topic has come for a while, and when none will come any more. */
  readonly onRest?: (topic: string) => Promise<void>;
  /** What has to be there before anything is consumed. Called again where it throws `UnavailableError`. */
  readonly prepare?: () => Promise<void>;
}

/** What a handler gets beside its records. */
export class EventLogContext extends BaseRpcContext<[topic: string]> {
  private readonly returned = new Set<number>();

  get topic(): string {
    return this.args[0];
  }

  /** Hands a partition back unacknowledged: its records come again, here or to another consumer. */
  giveBack(partition: number): void {
    this.returned.add(partition);
  }

  isGivenBack(partition: number): boolean {
    return this.returned.has(partition);
  }
}

export type EventLogServerStatus = 'connected' | 'disconnected';
export type EventLogServerEvents = { error: (error: unknown) => void };

interface Consumer {
  readonly topic: string;
  readonly subscription: Subscription;
  /** Within `receive`, with no record in hand. */
  waiting: boolean;
  /** Nothing came when it waited last. */
  isQuiet: boolean;
  /** Partitions whose last batch did not come to its end: they are given up before anything else is received. */
  readonly unfinished: Set<number>;
  loop: Promise<void>;
}

/** How long records are waited for: at first, and when nothing has come for so long. No record is late by it. */
const waitMsMax = { first: 1_000, then: 5_000 };
const failureBackoffMs = { first: 100, max: 5_000 };
/** So many failures of a topic in a row are no passing trouble any more. */
const failuresInARowMax = 3;

/**
 * NestJS transport over the event log: an `@EventPattern(topic)` handler gets the records of that topic in batches
 * (`Delivery[]`), a batch at a time, each partition in order. They are acknowledged when the handler has succeeded, and
 * come again when it has thrown: `Server.handleEvent` of Nest does not wait for handlers, so it is not used here.
 *
 * `close` takes nothing new, waits for the batch under way, acknowledges it, and gives the partitions back.
 */
export class EventLogServer extends Server<EventLogServerEvents, EventLogServerStatus> implements CustomTransportStrategy {
  override readonly transportId = Symbol('ringside-event-log');
  override readonly propagatesEventHandlerErrors = true;
  protected override readonly logger = new Logger(EventLogServer.name);
  private readonly listeners: EventLogServerEvents['error'][] = [];
  private readonly closing = new AbortController();
  private pausing = new AbortController();
  /** Starts and stops of the consumers, one after the other. */
  private turn: Promise<unknown> = Promise.resolve();
  private readonly consumers = new Map<string, Consumer>();
  private expiry: NodeJS.Timeout | undefined;
  private notBegun: string | undefined = 'Consumption has not begun yet.';
  /** Per topic: how often it failed in a row, and why. */
  private readonly failures = new Map<string, { readonly count: number; readonly reason: string }>();

  constructor(private readonly options: EventLogServerOptions) {
    super();
  }

  /** Calls back after the first attempt: where a dependency is away, attempts go on by themselves. */
  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      await this.inTurn(() => this.begin());
      callback();
    } catch (error) {
      if (!(error instanceof UnavailableError)) return callback(error);
      void this.inTurn(() => this.keepBeginning(error));
      callback();
    }
  }

  /**
   * The time for records under way begins to run, though consumption goes on until `close`: for a process that has other things to
   * close first, whose time would otherwise come on top of it. `close` itself begins it otherwise.
   */
  beginDrain(): void {
    const { drainMsMax = 5_000, onDrainExpired } = this.options;
    this.expiry ??= setTimeout(() => onDrainExpired?.(), drainMsMax).unref();
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.beginDrain();
    await this.inTurn(() => this.stopConsumers());
    clearTimeout(this.expiry);
    this._status$.next('disconnected');
  }

  /**
   * Runs `work` while this process consumes nothing: the batches under way are finished and acknowledged first, and
   * consumption begins anew at the cursors afterwards, whether `work` succeeded or not. Rejects with what `work` threw.
   */
  paused(work: () => Promise<void>): Promise<void> {
    return this.inTurn(async () => {
      if (this.closing.signal.aborted) return;
      await this.stopConsumers();
      try {
        await work();
      } finally {
        await this.startConsumers();
      }
    });
  }

  on<Event extends keyof EventLogServerEvents>(_event: Event, callback: EventLogServerEvents[Event]): void {
    this.listeners.push(callback);
  }

  /** The event log. */
  unwrap<T = EventLog>(): T {
    return this.options.log as T;
  }

  /** Why records do not come through: consumption has not begun, or a topic fails time after time. Undefined while they do. */
  get fault(): string | undefined {
    if (this.notBegun !== undefined) return this.notBegun;
    const [failing] = [...this.failures].filter(([, { count }]) => count >= failuresInARowMax);
    if (failing === undefined) return undefined;
    const [topic, { count, reason }] = failing;
    return `Records of "${topic}" could not be processed ${count} times in a row: ${reason}`;
  }

  /** Whether consumption has begun, once. */
  get hasBegun(): boolean {
    return this.notBegun === undefined;
  }

  /** Partitions of a topic that this process holds. */
  assigned(topic: string): readonly number[] {
    return this.consumers.get(topic)?.subscription.assigned() ?? [];
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }

  /** Does not reject: what a consumer could not give back is free when the log notices that it is gone. */
  private async stopConsumers(): Promise<void> {
    this.pausing.abort();
    const consumers = [...this.consumers.values()];
    const outcomes = await Promise.allSettled(consumers.map((consumer) => this.stop(consumer)));
    outcomes.forEach((outcome, index) => {
      if (outcome.status === 'fulfilled') return;
      const { topic } = consumers[index]!;
      this.logger.warn({ err: outcome.reason as unknown, topic }, 'a subscription could not be closed');
    });
    this.consumers.clear();
  }

  private async stop(consumer: Consumer): Promise<void> {
    const { topic, subscription } = consumer;
    const rest = async (): Promise<void> => this.options.onRest?.(topic);
    try {
      // `close` ends its waiting and gives the partitions away: what is at rest is stored before anybody else has them. Something may
      // have come meanwhile, and a batch under way is finished first. What fails here is tried again below.
      if (consumer.waiting) await rest().catch(() => undefined);
      if (consumer.waiting) await subscription.close().catch(() => undefined);
      await consumer.loop;
      await rest();
    } finally {
      await subscription.close();
    }
  }

  /** Tries until it succeeds: nobody else would. */
  private async startConsumers(): Promise<void> {
    this.pausing = new AbortController();
    for (const topic of this.messageHandlers.keys()) {
      for (let failures = 1; !this.consumers.has(topic) && !this.closing.signal.aborted; failures++) {
        await this.consume(topic).catch((error: unknown) => this.failed(topic, error, failures));
      }
    }
    this._status$.next('connected');
  }

  private async begin(): Promise<void> {
    await this.options.prepare?.();
    for (const topic of this.messageHandlers.keys()) if (!this.consumers.has(topic)) await this.consume(topic);
    this.notBegun = undefined;
    this._status$.next('connected');
  }

  /** A fault that waiting does not mend is tried again as well: whoever mends it need not start this process anew. */
  private async keepBeginning(first: unknown): Promise<void> {
    let error = first;
    for (let failures = 1; !this.closing.signal.aborted; failures++) {
      this.notBegun = messageOf(error);
      this._status$.next('disconnected');
      // The 1st, the 2nd, the 4th...: readiness tells the reason all the time.
      if (Number.isInteger(Math.log2(failures))) {
        this.logger.warn({ err: error, failures }, 'nothing is consumed yet; trying again');
      }
      await this.backOff(failures);
      if (this.closing.signal.aborted) return;
      try {
        return await this.begin();
      } catch (again) {
        error = again;
      }
    }
  }

  private async consume(topic: string): Promise<void> {
    const { log, subscription: name, start = { at: 'earliest' }, consumer: consumerName } = this.options;
    const subscription = await log.subscribe({ topic, subscription: name, start, consumer: consumerName });
    const unfinished = new Set<number>();
    const consumer: Consumer = { topic, subscription, waiting: false, isQuiet: false, unfinished, loop: Promise.resolve() };
    consumer.loop = this.run(consumer);
    this.consumers.set(topic, consumer);
    this.failures.delete(topic);
  }

  private async run(consumer: Consumer): Promise<void> {
    let failures = 0;
    const { signal } = this.pausing;
    while (!this.closing.signal.aborted && !signal.aborted) {
      try {
        await this.takeBatch(consumer);
        if (failures > 0) this._status$.next('connected');
        failures = 0;
        this.failures.delete(consumer.topic);
      } catch (error) {
        if (this.closing.signal.aborted) return;
        consumer.isQuiet = false; // a fault, and its end, are to be noticed soon
        await this.failed(consumer.topic, error, ++failures);
      }
    }
  }

  /** Says it, and waits before the next try. */
  private async failed(topic: string, error: unknown, failures: number): Promise<void> {
    this._status$.next('disconnected');
    this.failures.set(topic, { count: failures, reason: messageOf(error) });
    this.logger.error({ err: error, topic, failures }, 'records were not processed and will come again');
    for (const listener of this.listeners) listener(error);
    await this.backOff(failures);
  }

  private async backOff(failures: number): Promise<void> {
    const waitMs = Math.min(failureBackoffMs.max, failureBackoffMs.first * 2 ** (failures - 1));
    await sleep(waitMs, undefined, { signal: this.closing.signal }).catch(() => undefined);
  }

  private async takeBatch(consumer: Consumer): Promise<void> {
    const { topic, subscription, unfinished } = consumer;
    await redeliverUnfinished(consumer);
    consumer.waiting = true;
    const { recordsMax = 500, lingerMs = 0 } = this.options;
    const deliveries = await subscription
      .receive({ recordsMax, waitMsMax: waitMsMax[consumer.isQuiet ? 'then' : 'first'] })
      .finally(() => (consumer.waiting = false));
    consumer.isQuiet = deliveries.length === 0;
    if (consumer.isQuiet) return this.options.onRest?.(topic);
    for (const { partition } of deliveries) unfinished.add(partition);
    const context = new EventLogContext([topic]);
    await this.dispatch(topic, deliveries, context);
    await subscription.acknowledge(deliveries.filter(({ partition }) => !context.isGivenBack(partition)));
    for (const partition of unfinished) if (!context.isGivenBack(partition)) unfinished.delete(partition);
    await redeliverUnfinished(consumer);
    if (lingerMs > 0 && deliveries.length < recordsMax) {
      await sleep(lingerMs, undefined, { signal: AbortSignal.any([this.closing.signal, this.pausing.signal]) }).catch(
        () => undefined,
      );
    }
  }

  private async dispatch(topic: string, deliveries: readonly Delivery[], context: EventLogContext): Promise<void> {
    const handler = this.getHandlerByPattern(topic);
    if (handler === null) throw new Error(`No handler takes the topic "${topic}".`);
    const result = this.transformToObservable(await handler(deliveries, context));
    await lastValueFrom(result, { defaultValue: undefined });
  }
}

/**
 * What was not processed, or not acknowledged, comes again. Until it is sure to, nothing behind it is received: it would be taken for
 * what comes next.
 */
async function redeliverUnfinished({ subscription, unfinished }: Consumer): Promise<void> {
  for (const partition of unfinished) {
    await subscription.redeliver(partition);
    unfinished.delete(partition);
  }
}

/** Nest hands out what is no error either, of the same shape. */
const messageOf = (error: unknown): string => String((error as { readonly message?: unknown } | undefined)?.message ?? error);
