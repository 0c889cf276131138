import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { UnavailableError } from '@ringside/core';
import type { Delivery } from '@ringside/event-log';
import { Feed } from './feed.js';
import { positionOf } from './message-id.js';
import type { Arrival, Channel, ConsumerHandlers, Transport } from './transport.js';

interface Life extends ConsumerHandlers {
  readonly requested: number[];
  readonly acknowledged: unknown[];
  closed: boolean;
}

let lives: Life[];
let refusals: number;
let warnings: string[];
let feed: Feed;

const transport = {
  consume: async (_options: unknown, handlers: ConsumerHandlers): Promise<Channel> => {
    if (refusals-- > 0) throw new UnavailableError('event-log', 'nobody listens');
    const life: Life = { ...handlers, requested: [], acknowledged: [], closed: false };
    lives.push(life);
    return {
      request: (records) => life.requested.push(records),
      acknowledge: (handles) => life.acknowledged.push(...handles),
      close: async () => {
        life.closed = true;
      },
    };
  },
} as unknown as Transport;

function arrival(entryId: number, bytes = 10): Arrival {
  const position = positionOf({ ledgerId: 1, entryId, batchIndex: -1 });
  const record = { topic: 't', partition: 0, key: 'k', id: `${entryId}`, bytes: Buffer.alloc(bytes), position, appendedAt: 0 };
  return { record, handle: `handle-${entryId}` };
}

const bring = (life: Life, ...entries: number[]): void => entries.forEach((entry) => life.onArrival(arrival(entry)));
const idsOf = (deliveries: readonly Delivery[]): readonly number[] => deliveries.map(({ id }) => Number(id));

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('It did not come to that within 5 s.');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

beforeEach(async () => {
  lives = [];
  refusals = 0;
  warnings = [];
  let assignments = 0;
  feed = new Feed({
    at: { tenant: 'a', namespace: 'b', topic: 't', partition: 0 },
    subscription: 'team',
    consumer: 'c',
    transport,
    nextAssignment: () => ++assignments,
    onChanged: () => undefined,
    onWarning: (message) => warnings.push(message),
  });
  await feed.open();
});

describe("a partition's feed", () => {
  it('holds the partition from the first record on, and hands records out in order', () => {
    expect(feed.holds).toBe(false);
    bring(lives[0]!, 1, 2, 3);
    expect(feed.holds).toBe(true);
    expect(idsOf(feed.take(2))).toEqual([1, 2]);
    expect(idsOf(feed.take(2))).toEqual([3]);
    expect(feed.take(2)).toEqual([]);
  });

  it('begins another assignment with a record that it has had: the broker began anew behind the same connection', () => {
    bring(lives[0]!, 1, 2, 3);
    const before = feed.take(2);
    bring(lives[0]!, 2, 3, 4);
    const after = feed.take(10);
    expect(idsOf(after)).toEqual([2, 3, 4]);
    expect(after[0]!.assignment).toBeGreaterThan(before[0]!.assignment);
    feed.acknowledge(before);
    feed.flush();
    expect(lives[0]!.acknowledged).toEqual([]);
  });

  it('acknowledges a prefix once, and no record before an earlier one', () => {
    bring(lives[0]!, 1, 2, 3);
    const taken = feed.take(3);
    expect(() => feed.acknowledge(taken.slice(1))).toThrow(RangeError);
    feed.acknowledge(taken.slice(0, 2));
    feed.acknowledge(taken);
    feed.flush();
    expect(lives[0]!.acknowledged).toEqual(['handle-1', 'handle-2', 'handle-3']);
  });

  it('tells no acknowledgement before it is asked to', () => {
    bring(lives[0]!, 1);
    feed.acknowledge(feed.take(1));
    expect(lives[0]!.acknowledged).toEqual([]);
    expect(feed.hasAcknowledgements).toBe(true);
    feed.flush();
    feed.flush();
    expect(lives[0]!.acknowledged).toEqual(['handle-1']);
  });

  it('leaves the connection, and what came over it, when another consumer has the partition', async () => {
    bring(lives[0]!, 1, 2);
    const taken = feed.take(1);
    feed.acknowledge(taken);
    feed.confirm(false, performance.now());
    expect(feed.holds).toBe(false);
    feed.flush();
    await until(() => lives.length === 2);
    expect(lives[0]).toMatchObject({ closed: true, acknowledged: [] });
    bring(lives[0]!, 3); // was on its way
    expect(feed.take(10)).toEqual([]);
    expect(feed.holds).toBe(false);
  });

  it('does not believe an answer that is older than its own record or connection', async () => {
    const askedAt = performance.now();
    await until(() => performance.now() > askedAt);
    bring(lives[0]!, 1);
    feed.confirm(false, askedAt);
    expect(idsOf(feed.take(1))).toEqual([1]);
    expect(feed.holds).toBe(true);
    feed.confirm(false, 0);
    expect(feed.holds).toBe(true);
  });

  it('is the standby, on the same connection, where no record has come yet', () => {
    feed.confirm(true, performance.now());
    expect(feed.holds).toBe(true);
    feed.confirm(false, performance.now());
    expect(feed.holds).toBe(false);
    expect(lives).toHaveLength(1);
  });

  it('gives back what was not acknowledged, over a new connection and under a new assignment', async () => {
    bring(lives[0]!, 1, 2);
    const taken = feed.take(2);
    feed.acknowledge(taken.slice(0, 1));
    feed.flush();
    await feed.redeliver();
    expect(lives[0]).toMatchObject({ closed: true, acknowledged: ['handle-1'] });
    await until(() => lives.length === 2);
    bring(lives[1]!, 2);
    const again = feed.take(1);
    expect(again[0]!.assignment).toBeGreaterThan(taken[0]!.assignment);
    feed.acknowledge(taken); // of the assignment that is over
    feed.flush();
    expect(lives[1]!.acknowledged).toEqual([]);
  });

  it('comes back by itself, and says once why it was away', async () => {
    bring(lives[0]!, 1);
    refusals = 2;
    lives[0]!.onClosed('cut');
    expect(feed.holds).toBe(false);
    expect(feed.problem).toBe('cut');
    await until(() => lives.length === 2);
    expect(warnings).toEqual(['Partition 0 of t has no connection, and is tried again: cut']);
    expect(feed.problem).toBeUndefined();
    bring(lives[1]!, 1);
    expect(feed.take(1)[0]!.assignment).toBe(2);
  });

  it('asks for as many records as fit into its memory, and for more when half of them are taken', () => {
    const [life] = lives as [Life];
    expect(life.requested).toEqual([64]);
    for (let entry = 0; entry < 64; entry++) life.onArrival(arrival(entry, 700 * 1024));
    feed.take(60);
    expect(life.requested).toEqual([64, 4]);
  });

  it('asks again for what it dropped', () => {
    const [life] = lives as [Life];
    for (let entry = 0; entry < 64; entry++) life.onArrival(arrival(entry));
    life.onArrival(arrival(0));
    feed.take(1);
    expect(life.requested.reduce((sum, count) => sum + count, 0)).toBe(500 + 65);
  });

  it('stays away once it is closed', async () => {
    jest.useFakeTimers();
    try {
      lives[0]!.onClosed('cut');
      await feed.close();
      await jest.runAllTimersAsync();
      await feed.resume();
      expect(lives).toHaveLength(1);
    } finally {
      jest.useRealTimers();
    }
  });
});
