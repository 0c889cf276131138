import { deliveryOf, type Delivery } from '@ringside/event-log';
import { createBackoff } from './backoff.js';
import type { Arrival, Channel, PartitionTopic, Transport } from './transport.js';

export interface FeedOptions {
  readonly at: PartitionTopic;
  readonly subscription: string;
  readonly consumer: string;
  readonly transport: Transport;
  /** A number larger than any before it, of any partition. */
  readonly nextAssignment: () => number;
  /** There is something to receive, or something went wrong. */
  readonly onChanged: () => void;
  readonly onWarning: (message: string) => void;
}

/** Records at hand that were not asked for yet, as many as this is of them in bytes. */
const bytesAheadMax = 4 * 1024 * 1024;
const recordsAhead = { first: 64, min: 8, max: 500 };

/**
 * One partition's records for one consumer. It keeps a connection open, and has an assignment from the first record that comes
 * over it until the connection, or the partition, is lost. Pulsar does not say over a WebSocket that it begins anew on the same
 * connection (its own client behind it lost the broker, or the cursor was moved); it shows in a record that is not behind the last.
 */
export class Feed {
  private channel: Channel | undefined;
  private openedAt = 0;
  private heardAt = 0;
  private isActive = false;
  private stopped = false;
  /** Rises with every connection, so that what an older one still says is not heard. */
  private life = 0;
  private retry: NodeJS.Timeout | undefined;
  private readonly backoff = createBackoff();
  private failure: string | undefined;

  private assignment = 0;
  private lastPosition = '';
  private arrived: Arrival[] = [];
  private handedOut: Arrival[] = [];
  private acknowledged: unknown[] = [];
  private requested = 0;
  private bytesPerRecord = 0;

  constructor(private readonly options: FeedOptions) {}

  get partition(): number {
    return this.options.at.partition;
  }

  /** Whether this consumer holds the partition, as far as it knows. */
  get holds(): boolean {
    return this.channel !== undefined && this.isActive;
  }

  /** Why there is no connection; undefined where there is one, or none was tried yet. */
  get problem(): string | undefined {
    return this.channel === undefined ? this.failure : undefined;
  }

  get hasAcknowledgements(): boolean {
    return this.acknowledged.length > 0;
  }

  async open(): Promise<void> {
    const life = ++this.life;
    clearTimeout(this.retry);
    const { at, subscription, consumer, transport } = this.options;
    try {
      const channel = await transport.consume(
        { at, subscription, consumer },
        {
          onArrival: (arrival) => {
            if (life === this.life) this.arrive(arrival);
          },
          onClosed: (reason) => {
            if (life === this.life) this.failed(reason);
          },
        },
      );
      if (life !== this.life) return void (await channel.close());
      this.channel = channel;
      this.openedAt = performance.now();
      this.failure = undefined;
      this.requestMore();
    } catch (error) {
      if (life === this.life) this.failed((error as Error).message);
    }
  }

  private failed(reason: string): void {
    if (this.stopped) return;
    // Said once, not with every try.
    if (this.failure === undefined) {
      const { topic } = this.options.at;
      this.options.onWarning(`Partition ${this.partition} of ${topic} has no connection, and is tried again: ${reason}`);
    }
    this.failure = reason;
    this.drop();
    this.retry = setTimeout(() => void this.open(), this.backoff.next());
    this.retry.unref();
    this.options.onChanged();
  }

  /** Forgets the connection and the assignment. */
  private drop(): Channel | undefined {
    this.life++;
    const channel = this.channel;
    this.channel = undefined;
    this.isActive = false;
    this.endAssignment();
    this.requested = 0;
    return channel;
  }

  private endAssignment(): void {
    this.requested -= this.arrived.length;
    this.assignment = 0;
    this.lastPosition = '';
    this.arrived = [];
    this.handedOut = [];
    this.acknowledged = [];
  }

  private arrive(arrival: Arrival): void {
    const { position, bytes } = arrival.record;
    if (this.assignment !== 0 && position <= this.lastPosition) this.endAssignment();
    if (this.assignment === 0) this.assignment = this.options.nextAssignment();
    this.lastPosition = position;
    this.isActive = true;
    this.heardAt = performance.now();
    this.bytesPerRecord = this.bytesPerRecord === 0 ? bytes.length : (this.bytesPerRecord * 7 + bytes.length) / 8;
    this.arrived.push(arrival);
    this.options.onChanged();
  }

  /** `requested`: records that were asked for and not yet taken, whether they have come or not. */
  private requestMore(): void {
    const { first, min, max } = recordsAhead;
    const fitting = this.assignment === 0 ? first : Math.floor(bytesAheadMax / Math.max(1, this.bytesPerRecord));
    const wanted = Math.min(max, Math.max(min, fitting));
    if (this.requested > wanted / 2) return;
    this.channel?.request(wanted - this.requested);
    this.requested = wanted;
  }

  /** The next records in order, at most so many. */
  take(recordsMax: number): readonly Delivery[] {
    if (this.arrived.length === 0 || recordsMax <= 0) return [];
    const taken = this.arrived.slice(0, recordsMax);
    this.arrived = this.arrived.slice(taken.length);
    this.handedOut.push(...taken);
    this.requested -= taken.length;
    this.requestMore();
    const { assignment } = this;
    return taken.map(({ record }) => deliveryOf(record, assignment));
  }

  /** Notes records as done; they are told to Pulsar by {@link flush}. Those of another assignment are passed over. */
  acknowledge(deliveries: readonly Delivery[]): void {
    let count = 0;
    for (const { assignment, position, partition } of deliveries) {
      if (assignment !== this.assignment) continue;
      const next = this.handedOut[count];
      if (next === undefined || position < next.record.position) continue; // it was acknowledged before
      if (position > next.record.position) {
        throw new RangeError(`Partition ${partition}: the record at ${position} is acknowledged before an earlier one.`);
      }
      count++;
    }
    if (count === 0) return;
    this.backoff.reset();
    for (const { handle } of this.handedOut.slice(0, count)) this.acknowledged.push(handle);
    this.handedOut = this.handedOut.slice(count);
  }

  /** Tells Pulsar what is done. To be called only when it is known that this consumer holds the partition. */
  flush(): void {
    if (!this.holds || this.acknowledged.length === 0) return;
    this.channel?.acknowledge(this.acknowledged);
    this.acknowledged = [];
  }

  /**
   * What Pulsar said, asked at `askedAt`, about who has the partition. Where it is not this consumer any more, what Pulsar had
   * handed over is still on its way: a new connection is sure not to bring it.
   */
  confirm(isActive: boolean, askedAt: number): void {
    if (this.channel === undefined || this.openedAt > askedAt) return;
    if (!isActive && this.heardAt > askedAt) return; // it came to be the active one meanwhile
    this.isActive = isActive;
    if (!isActive && this.assignment !== 0) void this.reopen();
  }

  /** Ends the assignment, and begins another after a delay that grows while nothing is acknowledged. */
  async redeliver(): Promise<void> {
    if (this.stopped || this.assignment === 0) return;
    const channel = this.drop();
    const { life } = this;
    await channel?.close();
    if (life !== this.life || this.stopped) return;
    this.retry = setTimeout(() => void this.open(), this.backoff.next());
  }

  private async reopen(): Promise<void> {
    await this.suspend();
    await this.resume();
  }

  /** Leaves the partition; everything of the assignment is forgotten. */
  async suspend(): Promise<void> {
    clearTimeout(this.retry);
    await this.drop()?.close();
  }

  async resume(): Promise<void> {
    if (!this.stopped && this.channel === undefined) await this.open();
  }

  async close(): Promise<void> {
    this.stopped = true;
    await this.suspend();
  }

  /** As {@link close}, but nothing is told to anybody. */
  abandon(): void {
    this.stopped = true;
    clearTimeout(this.retry);
    this.drop();
  }
}
