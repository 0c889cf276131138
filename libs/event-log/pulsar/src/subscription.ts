import { randomUUID } from 'node:crypto';
import { UnavailableError } from '@ringside/core';
import type { Delivery, ReceiveOptions, Subscription } from '@ringside/event-log';
import type { AdminCall } from './admin/request.js';
import { cursorStats } from './admin/subscriptions.js';
import { partitionsOf } from './cursors.js';
import { Feed } from './feed.js';
import type { PlacedTopic } from './topics.js';
import type { Transport } from './transport.js';
import { createWakeups } from '@ringside/event-log';

const defaultConfirmMs = 1_000;

export interface PulsarSubscription extends Subscription {
  readonly topic: string;
  readonly name: string;
  /** Runs `work` while this consumer has none of these partitions, and takes part again afterwards. */
  without(partitions: readonly number[], work: () => Promise<void>): Promise<void>;
  abandon(): void;
}

export interface SubscriptionOptions {
  readonly topic: PlacedTopic;
  /** Its cursors exist. */
  readonly subscription: string;
  readonly consumer: string;
  readonly call: AdminCall;
  readonly transport: Transport;
  /** How often Pulsar is asked which consumer has which partition, in ms; 1,000 where absent. It says so nowhere else. */
  readonly confirmMs?: number;
  readonly onWarning: (message: string) => void;
  readonly onClosed: (subscription: PulsarSubscription) => void;
}

/**
 * One Failover consumer per partition, all of one name: Pulsar shares the partitions out by the order of the names. Whether
 * this consumer has a partition is known from records that come, and from the statistics, which are asked every second.
 * Acknowledgements go out only while that is fresh, so that a process that was paused moves no cursor that another one has.
 */
export async function openSubscription(options: SubscriptionOptions): Promise<PulsarSubscription> {
  const { topic, call, transport, onWarning, confirmMs = defaultConfirmMs } = options;
  // A name that two consumers shared would leave open which of them the statistics mean.
  const consumer = `${options.consumer}/${randomUUID().slice(0, 8)}`;
  const wakeups = createWakeups();
  let assignments = 0;
  const feeds = partitionsOf(topic).map(
    (at) =>
      new Feed({
        at,
        subscription: options.subscription,
        consumer,
        transport,
        nextAssignment: () => ++assignments,
        onChanged: wakeups.wake,
        onWarning,
      }),
  );
  let turn = 0;
  let confirmedAt = -Infinity;
  /** Said once, not with every try. */
  let isKnown = true;
  let confirming: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed: Promise<void> | undefined;

  async function askWhoHolds(): Promise<void> {
    const askedAt = performance.now();
    try {
      const stats = await cursorStats(call, topic, options.subscription);
      for (const feed of feeds) feed.confirm(stats.get(feed.partition)?.activeConsumer === consumer, askedAt);
    } catch (error) {
      if (isKnown) onWarning(`Who has the partitions of ${topic.topic} is not known: ${(error as Error).message}`);
      isKnown = false;
      return;
    }
    isKnown = true;
    confirmedAt = askedAt;
    for (const feed of feeds) feed.flush();
  }

  function confirm(): Promise<void> {
    return (confirming ??= askWhoHolds().finally(() => (confirming = undefined)));
  }

  function confirmRegularly(): void {
    if (closed !== undefined) return;
    timer = setTimeout(() => void confirm().then(confirmRegularly), confirmMs * (0.75 + Math.random() / 4));
    timer.unref();
  }

  /** Each partition its share first, beginning with another one each time; then what room is left. */
  function collect(recordsMax: number): readonly Delivery[] {
    const deliveries: Delivery[] = [];
    for (const share of [Math.max(1, Math.floor(recordsMax / feeds.length)), recordsMax]) {
      for (let i = 0; i < feeds.length && deliveries.length < recordsMax; i++) {
        const feed = feeds[(turn + i) % feeds.length]!;
        deliveries.push(...feed.take(Math.min(share, recordsMax - deliveries.length)));
      }
    }
    turn++;
    return deliveries;
  }

  async function receive({ recordsMax, waitMsMax }: ReceiveOptions): Promise<readonly Delivery[]> {
    const until = performance.now() + waitMsMax;
    // Lets every connection bring what has arrived: a caller that comes back at once would else hear one of them alone.
    await new Promise((resolve) => setImmediate(resolve));
    for (;;) {
      if (closed !== undefined) return [];
      const woken = wakeups.next();
      const deliveries = collect(recordsMax);
      if (deliveries.length > 0) return deliveries;
      const leftMs = until - performance.now();
      if (leftMs <= 0) break;
      await woken.within(leftMs);
    }
    const problems = feeds.map(({ problem }) => problem);
    if (problems.some((problem) => problem === undefined)) return [];
    throw new UnavailableError('event-log', `No partition of ${topic.topic} can be consumed: ${problems[0]}`);
  }

  async function acknowledge(deliveries: readonly Delivery[]): Promise<void> {
    const byPartition = new Map<number, Delivery[]>();
    for (const delivery of deliveries) {
      const some = byPartition.get(delivery.partition);
      if (some === undefined) byPartition.set(delivery.partition, [delivery]);
      else some.push(delivery);
    }
    for (const [partition, some] of byPartition) feeds[partition]?.acknowledge(some);
    void tellAcknowledged();
  }

  /** At once where it is fresh who holds what, else when it is known again. */
  async function tellAcknowledged(): Promise<void> {
    const nothingToTell = (): boolean => !feeds.some((feed) => feed.hasAcknowledgements);
    if (nothingToTell()) return;
    if (performance.now() - confirmedAt < 2 * confirmMs) {
      for (const feed of feeds) feed.flush();
      return;
    }
    await confirming; // it may be failing already
    if (!nothingToTell()) await confirm();
  }

  async function leave(): Promise<void> {
    clearTimeout(timer);
    await tellAcknowledged();
    await Promise.all(feeds.map((feed) => feed.close()));
    options.onClosed(subscription);
  }

  const subscription: PulsarSubscription = {
    topic: topic.topic,
    name: options.subscription,
    receive,
    acknowledge,
    redeliver: async (partition) => {
      await tellAcknowledged();
      await feeds[partition]?.redeliver();
    },
    assigned: () => feeds.filter(({ holds }) => holds).map(({ partition }) => partition),
    without: async (partitions, work) => {
      const affected = feeds.filter(({ partition }) => partitions.includes(partition));
      await Promise.all(affected.map((feed) => feed.suspend()));
      try {
        await work();
      } finally {
        await Promise.all(affected.map((feed) => feed.resume()));
      }
    },
    close: () => {
      closed ??= leave();
      wakeups.wake();
      return closed;
    },
    abandon: () => {
      closed ??= Promise.resolve();
      clearTimeout(timer);
      for (const feed of feeds) feed.abandon();
      wakeups.wake();
    },
  };
  await Promise.all(feeds.map((feed) => feed.open()));
  void confirm();
  confirmRegularly();
  return subscription;
}
