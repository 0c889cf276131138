import { afterEach, describe, expect, it } from '@jest/globals';
import { UnavailableError } from '@ringside/core';
import { fakeAdmin } from './admin/fake-admin.fixture.js';
import { createAdminCall } from './admin/request.js';
import { positionOf } from './message-id.js';
import { openSubscription, type PulsarSubscription } from './subscription.js';
import type { Channel, ConsumeOptions, ConsumerHandlers, Transport } from './transport.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('It did not come to that within 5 s.');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A subscription to two partitions whose broker does as it is told. */
async function subscribed(confirmMs: number) {
  const lives: (ConsumeOptions & ConsumerHandlers & { acknowledged: unknown[]; closed: boolean })[] = [];
  const broker = { refuses: false, answers: true, asked: 0, active: (consumer: string) => consumer };
  const transport = {
    consume: async (options: ConsumeOptions, handlers: ConsumerHandlers): Promise<Channel> => {
      if (broker.refuses) throw new UnavailableError('event-log', 'nobody listens');
      const life = { ...options, ...handlers, acknowledged: [] as unknown[], closed: false };
      lives.push(life);
      return {
        request: () => undefined,
        acknowledge: (handles) => life.acknowledged.push(...handles),
        close: async () => void (life.closed = true),
      };
    },
  } as unknown as Transport;
  const admin = await fakeAdmin(() => {
    broker.asked++;
    if (!broker.answers) return { status: 503, body: { reason: 'busy' } };
    const activeConsumerName = broker.active(lives[0]!.consumer);
    const one = { subscriptions: { team: { msgBacklog: 0, activeConsumerName } } };
    return {
      status: 200,
      body: { partitions: { 'persistent://a/b/t-partition-0': one, 'persistent://a/b/t-partition-1': one } },
    };
  });
  closing.push(admin.close);
  const warnings: string[] = [];
  const subscription: PulsarSubscription = await openSubscription({
    topic: { tenant: 'a', namespace: 'b', topic: 't', partitions: 2 },
    subscription: 'team',
    consumer: 'c',
    call: createAdminCall({ adminUrl: admin.adminUrl, token: async () => undefined }),
    transport,
    confirmMs,
    onWarning: (message) => warnings.push(message),
    onClosed: () => undefined,
  });
  closing.push(async () => subscription.abandon());
  const bring = (life: (typeof lives)[0], ...entries: number[]): void => {
    for (const entryId of entries) {
      const { topic, partition } = life.at;
      const position = positionOf({ ledgerId: 1, entryId, batchIndex: -1 });
      const record = {
        topic,
        partition,
        key: 'k',
        id: `${partition}-${entryId}`,
        bytes: new Uint8Array(),
        position,
        appendedAt: 0,
      };
      life.onArrival({ record, handle: `${partition}-${entryId}` });
    }
  };
  return { subscription, lives, broker, bring, warnings };
}

const soon = { recordsMax: 10, waitMsMax: 1_000 };

describe("a subscription's consumer", () => {
  it('holds what the broker says that it holds, before any record has come', async () => {
    const { subscription, lives } = await subscribed(20);
    await until(() => subscription.assigned().length === 2);
    expect(subscription.assigned()).toEqual([0, 1]);
    expect(new Set(lives.map(({ consumer }) => consumer)).size).toBe(1);
    expect(lives[0]!.consumer).toMatch(/^c\/[0-9a-f]{8}$/);
  });

  it('acknowledges at once while it is sure to hold the partition', async () => {
    const { subscription, lives, bring } = await subscribed(60_000);
    await until(() => subscription.assigned().length === 2);
    bring(lives[0]!, 1, 2);
    await subscription.acknowledge(await subscription.receive(soon));
    expect(lives[0]!.acknowledged).toEqual(['0-1', '0-2']);
  });

  it('keeps acknowledgements to itself while it cannot ask, and tells them once it knows', async () => {
    const { subscription, lives, bring, broker } = await subscribed(10);
    broker.answers = false;
    bring(lives[0]!, 1);
    const deliveries = await subscription.receive(soon);
    const { asked } = broker;
    await until(() => broker.asked > asked + 4); // by now the last answer is too old to act on
    await subscription.acknowledge(deliveries);
    expect(lives[0]!.acknowledged).toEqual([]);
    broker.answers = true;
    await until(() => lives[0]!.acknowledged.length === 1);
  });

  it('moves no cursor of a partition that went to another consumer while it could not ask', async () => {
    const { subscription, lives, bring, broker } = await subscribed(10);
    broker.answers = false;
    bring(lives[0]!, 1);
    const deliveries = await subscription.receive(soon);
    const { asked } = broker;
    await until(() => broker.asked > asked + 4);
    broker.active = () => 'another';
    await subscription.acknowledge(deliveries);
    broker.answers = true;
    await until(() => lives[0]!.closed);
    expect(lives[0]!.acknowledged).toEqual([]);
    expect(subscription.assigned()).toEqual([]);
  });

  it('asks once more before it leaves, so that what it acknowledged last is not lost', async () => {
    const { subscription, lives, bring, broker } = await subscribed(10);
    broker.answers = false;
    bring(lives[0]!, 1);
    const deliveries = await subscription.receive(soon);
    const { asked } = broker;
    await until(() => broker.asked > asked + 4);
    await subscription.acknowledge(deliveries);
    broker.answers = true;
    await subscription.close();
    expect(lives[0]).toMatchObject({ acknowledged: ['0-1'], closed: true });
    expect(await subscription.receive(soon)).toEqual([]);
  });

  it('shares each answer among the partitions', async () => {
    const { subscription, lives, bring } = await subscribed(20);
    bring(lives[0]!, 1, 2, 3, 4);
    bring(lives[1]!, 1, 2, 3, 4);
    const first = await subscription.receive({ recordsMax: 4, waitMsMax: 1_000 });
    expect(first.map(({ id }) => id).sort()).toEqual(['0-1', '0-2', '1-1', '1-2']);
    const second = await subscription.receive(soon);
    expect(second).toHaveLength(4);
  });

  it('says so when it can consume no partition at all', async () => {
    const { subscription, lives, broker } = await subscribed(20);
    broker.refuses = true;
    for (const life of [...lives]) life.onClosed('the connection was cut');
    await expect(subscription.receive({ recordsMax: 1, waitMsMax: 1 })).rejects.toThrow(/No partition of t can be consumed/);
    broker.refuses = false;
    await until(() => lives.length === 4);
    expect(await subscription.receive({ recordsMax: 1, waitMsMax: 1 })).toEqual([]);
  });

  it('is away from a partition while its cursor is moved', async () => {
    const { subscription, lives, bring } = await subscribed(20);
    bring(lives[1]!, 1);
    await subscription.without([1], async () => {
      expect(lives.map(({ closed }) => closed)).toEqual([false, true]);
    });
    expect(lives).toHaveLength(3);
    expect(lives[2]!.at.partition).toBe(1);
    expect(await subscription.receive({ recordsMax: 1, waitMsMax: 1 })).toEqual([]);
  });
});
