import type { Delivery, StoredRecord } from '@ringside/event-log';

import type { SimulatedProcess } from '../world/process.js';
import type { World } from '../world/world.js';

/** A consumer as its log knows it. */
export interface Consumer {
  readonly process: SimulatedProcess;
  readonly name: string;
  /** Tells it that there may be something for it. */
  readonly wake: () => void;
}

interface Assignment {
  consumer: Consumer | undefined;
  number: number;
  /** Records of the partition that it was given, or that are acknowledged. */
  next: number;
}

/** A crash of whatever keeps them loses acknowledgements of the last second. */
const lazyMs = 1_000;

/** A subscription on one topic: its cursors, who consumes it, and what each was given. Failover, one consumer for each partition. */
export class SubscriptionContent {
  /** Records acknowledged, by partition. */
  readonly cursors: number[];
  readonly assignments: Assignment[];
  private consumers: Consumer[] = [];
  private numbers = 0;
  private readonly recent: { readonly at: number; readonly partition: number; readonly cursor: number }[] = [];

  constructor(
    private readonly world: World,
    private readonly partitions: readonly StoredRecord[][],
    startAtEnd: boolean,
  ) {
    this.cursors = partitions.map((records) => (startAtEnd ? records.length : 0));
    this.assignments = partitions.map(() => ({ consumer: undefined, number: 0, next: 0 }));
  }

  join(consumer: Consumer): void {
    if (this.consumers.includes(consumer)) return;
    this.consumers.push(consumer);
    this.shareOut();
  }

  leave(consumer: Consumer, isLost: boolean): void {
    const at = this.consumers.indexOf(consumer);
    if (at === -1) return;
    this.consumers.splice(at, 1);
    if (isLost) this.forgetLately(this.assigned(consumer));
    this.shareOut();
  }

  has(consumer: Consumer): boolean {
    return this.consumers.includes(consumer);
  }

  assigned(consumer: Consumer): readonly number[] {
    return this.assignments.flatMap((one, partition) => (one.consumer === consumer ? [partition] : []));
  }

  /** Everybody gets other partitions, or the same ones anew: the broker has moved the topic. */
  unload(): void {
    this.forgetLately([...this.assignments.keys()]);
    this.assignments.forEach((_, partition) => this.assign(partition, this.assignments[partition]!.consumer));
  }

  private shareOut(): void {
    const { consumers, world } = this;
    const first = consumers.length === 0 ? 0 : world.random.below(consumers.length);
    this.assignments.forEach((one, partition) => {
      const consumer = consumers[(first + partition) % consumers.length];
      if (consumer !== one.consumer) this.assign(partition, consumer);
    });
  }

  assign(partition: number, consumer: Consumer | undefined): void {
    this.assignments[partition] = { consumer, number: ++this.numbers, next: this.cursors[partition]! };
    consumer?.wake();
  }

  /** What the process has not yet been given, some of it: at most so many records. */
  take(consumer: Consumer, recordsMax: number): readonly Delivery[] {
    const { random } = this.world;
    const taken: Delivery[] = [];
    for (const partition of random.shuffled(this.assigned(consumer))) {
      const assignment = this.assignments[partition]!;
      const there = this.partitions[partition]!.slice(assignment.next, assignment.next + recordsMax - taken.length);
      const some = there.length > 1 && random.chance(0.3) ? there.slice(0, random.between(1, there.length)) : there;
      assignment.next += some.length;
      for (const record of some) taken.push({ ...record, assignment: assignment.number });
    }
    return taken;
  }

  hasMore(consumer: Consumer): boolean {
    return this.assignments.some(
      (one, partition) => one.consumer === consumer && one.next < this.partitions[partition]!.length,
    );
  }

  wake(partition: number): void {
    this.assignments[partition]!.consumer?.wake();
  }

  acknowledge(consumer: Consumer, deliveries: readonly Delivery[]): void {
    for (const { partition, assignment: number, position } of deliveries) {
      const assignment = this.assignments[partition]!;
      if (assignment.consumer !== consumer || assignment.number !== number) continue;
      const cursor = this.cursors[partition]!;
      this.recent.push({ at: this.world.now, partition, cursor });
      this.cursors[partition] = Math.max(cursor, Number(position));
    }
  }

  /** To so many records; whoever has the partition gets it anew. */
  reset(partition: number, cursor: number): void {
    this.cursors[partition] = cursor;
    this.assign(partition, this.assignments[partition]!.consumer);
  }

  /** Acknowledgements are lazy: those of the last second may be gone. */
  private forgetLately(partitions: readonly number[]): void {
    const { world, recent } = this;
    const since = world.now - lazyMs * world.random.next();
    for (const { at, partition, cursor } of [...recent].reverse()) {
      if (at >= since && partitions.includes(partition)) this.cursors[partition] = Math.min(cursor, this.cursors[partition]!);
    }
    recent.length = 0;
  }
}
