import { expect } from '@jest/globals';
import type { Delivery, Subscription } from '@ringside/event-log';
import {
  appendNumbered,
  backlogOf,
  type CaseContext,
  type DeclareCase,
  eventually,
  idsOf,
  numberOf,
  subscribeTo,
  take,
} from './contract-case.js';

const allPartitions = [0, 1, 2, 3];

const shareEvenly = (context: CaseContext, consumers: readonly Subscription[]): Promise<void> =>
  eventually(context, () => {
    const assigned = consumers.map((consumer) => consumer.assigned());
    expect(assigned.flat().sort()).toEqual(allPartitions);
    for (const partitions of assigned) expect(partitions).toHaveLength(4 / consumers.length);
  });

export function failoverCases(declare: DeclareCase): void {
  declare('two consumers share the partitions, and each record comes once', async (context) => {
    const [log, other] = [await context.client(), await context.client()];
    const topic = await context.topic(log);
    const consumers = [await subscribeTo(log, topic), await subscribeTo(other, topic)];
    await shareEvenly(context, consumers);
    const stored = await appendNumbered(log, topic, 200);
    const taken: Delivery[] = [];
    const until = performance.now() + context.driver.deadlineMs;
    await Promise.all(
      consumers.map(async (consumer) => {
        while (taken.length < 200 && performance.now() < until) {
          const deliveries = await consumer.receive({ recordsMax: 20, waitMsMax: context.driver.quietMs });
          for (const { partition } of deliveries) expect(consumer.assigned()).toContain(partition);
          taken.push(...deliveries);
          await consumer.acknowledge(deliveries);
        }
      }),
    );
    expect(idsOf(taken)).toEqual(idsOf(stored));
  });

  declare('a consumer that joins gets its share, and takes over what the first has not acknowledged there', async (context) => {
    const [log, other] = [await context.client(), await context.client()];
    const topic = await context.topic(log);
    const stored = await appendNumbered(log, topic, 100);
    const first = await subscribeTo(log, topic);
    const inHand = await take(context, first, 100);
    const second = await subscribeTo(other, topic);
    await shareEvenly(context, [first, second]);
    const moved = stored.filter(({ partition }) => second.assigned().includes(partition));
    expect(idsOf(await take(context, second, moved.length))).toEqual(idsOf(moved));
    // What it kept is still its own, and can be acknowledged.
    await first.acknowledge(inHand);
    await eventually(context, async () => expect(await backlogOf(log, topic)).toBe(moved.length));
  });

  declare('after a close, another goes on behind what was acknowledged', async (context) => {
    const [log, other] = [await context.client(), await context.client()];
    const topic = await context.topic(log);
    const stored = await appendNumbered(log, topic, 100);
    const first = await subscribeTo(log, topic);
    const second = await subscribeTo(other, topic);
    await shareEvenly(context, [first, second]);
    const done = await take(context, first, 10);
    await first.acknowledge(done);
    await first.close();
    await shareEvenly(context, [second]);
    const rest = await take(context, second, 90);
    expect(idsOf([...done, ...rest])).toEqual(idsOf(stored));
  });

  declare(
    'after a death, another takes over within the deadline, and the stale consumer can move no cursor',
    async (context) => {
      const [log, other] = [await context.client(), await context.client()];
      const topic = await context.topic(log);
      const stored = await appendNumbered(log, topic, 100);
      const stale = await subscribeTo(log, topic);
      const inHand = await take(context, stale, 100);
      const successor = await subscribeTo(other, topic);
      await context.driver.abandon!(log);
      await shareEvenly(context, [successor]);
      const taken = await take(context, successor, 100);
      expect(idsOf(taken)).toEqual(idsOf(stored));
      await stale.acknowledge(inHand);
      await stale.close();
      expect(await backlogOf(other, topic)).toBe(100);
      await successor.acknowledge(taken);
      await eventually(context, async () => expect(await backlogOf(other, topic)).toBe(0));
    },
    { abandons: true },
  );

  declare(
    'what comes after a takeover keeps the order of every key',
    async (context) => {
      const [log, other] = [await context.client(), await context.client()];
      const topic = await context.topic(log);
      await appendNumbered(log, topic, 100);
      const first = await subscribeTo(log, topic);
      await first.acknowledge(await take(context, first, 40));
      await context.driver.abandon!(log);
      const second = await subscribeTo(other, topic);
      await shareEvenly(context, [second]);
      const taken = await take(context, second, await backlogOf(other, topic));
      for (const key of new Set(taken.map((delivery) => delivery.key))) {
        const numbers = taken.filter((delivery) => delivery.key === key).map(numberOf);
        expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
        expect(numbers.at(-1)).toBe(90 + Number(key.split('-')[1]));
      }
    },
    { abandons: true },
  );
}
