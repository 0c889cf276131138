import { deliveryOf, type Delivery, type ReceiveOptions, type Subscription, type Wakeups } from '@ringside/event-log';
import type { Held, LeaseChanges } from './lease.js';
import type { Membership, Participant } from './membership.js';
import type { Reader } from './reader.js';
import { offsetOf } from './storage-key.js';

/** Bounds one answer of `receive` in memory. */
const receiveBytesMax = 4 * 1024 * 1024;

export interface ConsumerOptions {
  /** Unique among all members of all processes. */
  readonly id: string;
  readonly topic: string;
  readonly subscription: string;
  readonly partitions: number;
  readonly reader: Reader;
  /** Lets the reader see what other processes appended. */
  readonly refresh: () => void;
  readonly membership: Membership;
  readonly wakeups: Wakeups;
  readonly onClosed: (subscription: Subscription) => void;
}

export async function openSubscription(options: ConsumerOptions): Promise<Subscription> {
  const { topic, reader, membership, wakeups } = options;
  const held = new Map<number, Held>();
  let assignments = 0;
  let turn = 0;
  let isClosed = false;
  let leaving: Promise<void> | undefined;

  const participant: Participant = {
    id: options.id,
    topic,
    subscription: options.subscription,
    partitions: options.partitions,
    held,
    apply: (changes: LeaseChanges) => {
      // What was to be given back was passed over, and stays now: something may have come to it meanwhile.
      const isKept = [...held].some(
        ([partition, { endingSince }]) => endingSince !== undefined && changes.share.has(partition),
      );
      for (const partition of changes.lost) held.delete(partition);
      for (const { partition, row } of changes.gained) {
        const { next, epoch } = row;
        held.set(partition, { assignment: ++assignments, epoch, next, acknowledged: next, flushed: next });
      }
      if (changes.gained.length > 0 || isKept) wakeups.wake();
    },
  };

  /**
   * Begins with another partition each time, so that a full one does not keep the others waiting. A damaged record is said when
   * there is nothing else to hand out, so that it takes neither good ones nor other partitions with it.
   */
  function collect(recordsMax: number): readonly Delivery[] {
    const active = [...held].filter(([, state]) => state.endingSince === undefined);
    const first = turn++;
    const deliveries: Delivery[] = [];
    let bytesLeft = receiveBytesMax;
    let fault: { readonly error: unknown } | undefined;
    options.refresh();
    for (let i = 0; i < active.length && deliveries.length < recordsMax && bytesLeft > 0; i++) {
      const [partition, state] = active[(first + i) % active.length]!;
      const bounds = { recordsMax: recordsMax - deliveries.length, bytesMax: bytesLeft };
      try {
        for (const record of reader.slice(topic, partition, state.next, bounds)) {
          state.next++;
          bytesLeft -= record.bytes.length;
          deliveries.push(deliveryOf(record, state.assignment));
        }
      } catch (error) {
        fault ??= { error };
      }
    }
    if (deliveries.length === 0 && fault !== undefined) throw fault.error;
    return deliveries;
  }

  async function receive({ recordsMax, waitMsMax }: ReceiveOptions): Promise<readonly Delivery[]> {
    const until = performance.now() + waitMsMax;
    for (;;) {
      if (isClosed) return [];
      if (!membership.isCurrent()) await membership.beat();
      const woken = wakeups.next();
      const deliveries = collect(recordsMax);
      if (deliveries.length > 0) return deliveries;
      const leftMs = until - performance.now();
      if (leftMs <= 0) return [];
      await woken.within(leftMs);
    }
  }

  async function acknowledge(deliveries: readonly Delivery[]): Promise<void> {
    for (const { partition, assignment, position } of deliveries) {
      const state = held.get(partition);
      if (state?.assignment !== assignment) continue;
      const offset = offsetOf(position);
      if (offset > state.acknowledged) {
        throw new RangeError(`Partition ${partition}: the record at ${position} is acknowledged before an earlier one.`);
      }
      if (offset === state.acknowledged) state.acknowledged++;
    }
    membership.acknowledged();
  }

  async function leave(): Promise<void> {
    await membership.leave(participant);
    held.clear();
    options.onClosed(subscription);
  }

  const subscription: Subscription = {
    receive,
    acknowledge,
    redeliver: async (partition) => {
      const state = held.get(partition);
      if (state === undefined) return;
      held.set(partition, { ...state, assignment: ++assignments, next: state.acknowledged });
      wakeups.wake();
    },
    assigned: () =>
      [...held]
        .filter(([, { endingSince }]) => endingSince === undefined)
        .map(([partition]) => partition)
        .sort((a, b) => a - b),
    close: () => {
      isClosed = true;
      // A failure is not kept: whoever closes again tries again.
      leaving ??= leave().catch((error: unknown) => {
        leaving = undefined;
        throw error;
      });
      wakeups.wake();
      return leaving;
    },
  };
  await membership.join(participant);
  return subscription;
}
