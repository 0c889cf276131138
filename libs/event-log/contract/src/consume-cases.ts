import { expect } from '@jest/globals';
import { partitionOf } from '@ringside/event-log';
import { appendNumbered, type DeclareCase, eventually, idsOf, numbered, numberOf, subscribeTo, take } from './contract-case.js';

export function consumeCases(declare: DeclareCase): void {
  declare('gets every record, each key from one partition and in its order', async (context) => {
    const log = await context.client();
    const topic = await context.topic(log);
    const stored = await appendNumbered(log, topic, 300);
    const taken = await take(context, await subscribeTo(log, topic), 300);
    expect(idsOf(taken)).toEqual(idsOf(stored));
    for (let key = 0; key < 10; key++) {
      const ofKey = taken.filter((delivery) => delivery.key === `key-${key}`);
      expect(new Set(ofKey.map(({ partition }) => partition)).size).toBe(1);
      expect(ofKey.map(numberOf)).toEqual(Array.from({ length: 30 }, (_, i) => 10 * i + key));
    }
  });

  declare(
    'gets no more records at once than it asked for, and none of its partitions waits for another to be empty',
    async (context) => {
      const log = await context.client();
      const topic = await context.topic(log, 2);
      const keys = [0, 1].map((partition) => keyOf(partition, 2));
      const subscription = await subscribeTo(log, topic);
      // A log that begins with one partition before the other is not unfair: what counts is when both have records.
      await log.append(keys.map((key, i) => numbered(topic, key, i)));
      await take(context, subscription, 2);
      await log.append(Array.from({ length: 600 }, (_, i) => numbered(topic, keys[i % 2]!, i)));
      const seen = new Set<number>();
      await take(context, subscription, 250, async (deliveries) => {
        expect(deliveries.length).toBeLessThanOrEqual(100);
        for (const { partition } of deliveries) seen.add(partition);
      });
      expect([...seen].sort()).toEqual([0, 1]);
    },
  );

  declare('from latest, gets what is appended from then on', async (context) => {
    const log = await context.client();
    const topic = await context.topic(log);
    await appendNumbered(log, topic, 30);
    const subscription = await subscribeTo(log, topic, { start: { at: 'latest' } });
    const stored = await appendNumbered(log, topic, 20);
    expect(idsOf(await take(context, subscription, 20))).toEqual(idsOf(stored));
  });

  declare('from a time, gets the records that the log took at or after it', async (context) => {
    const log = await context.client();
    const topic = await context.topic(log, 2);
    const stored = [...(await appendNumbered(log, topic, 30))];
    const before = stored.at(-1)!.appendedAt;
    await eventually(context, async () => {
      stored.push(...(await appendNumbered(log, topic, 10)));
      expect(stored.at(-1)!.appendedAt).toBeGreaterThan(before + 1);
    });
    const time = before + 1;
    const wanted = stored.filter(({ appendedAt }) => appendedAt >= time);
    const subscription = await subscribeTo(log, topic, { start: { at: 'time', time } });
    expect(idsOf(await take(context, subscription, wanted.length))).toEqual(idsOf(wanted));
  });

  declare('added later, gets the full history, whatever another has acknowledged', async (context) => {
    const log = await context.client();
    const topic = await context.topic(log);
    const stored = await appendNumbered(log, topic, 50);
    const first = await subscribeTo(log, topic);
    await take(context, first, 50, (deliveries) => first.acknowledge(deliveries));
    const later = await subscribeTo(log, topic, { subscription: 'new-team' });
    expect(idsOf(await take(context, later, 50))).toEqual(idsOf(stored));
  });

  declare('waits for a record and is woken by it, from another client as well', async (context) => {
    const [log, other] = [await context.client(), await context.client()];
    const topic = await context.topic(log);
    const subscription = await subscribeTo(log, topic);
    for (const appender of [log, other]) {
      const waitMsMax = 4 * context.driver.deadlineMs;
      const startedAt = performance.now();
      const waiting = subscription.receive({ recordsMax: 10, waitMsMax });
      const [stored] = await appender.append([numbered(topic, 'key', 1)]);
      const deliveries = await waiting;
      expect(deliveries.map(({ id }) => id)).toEqual([stored!.id]);
      expect(performance.now() - startedAt).toBeLessThan(context.driver.deadlineMs);
    }
  });

  declare('answers with nothing when its time is over', async (context) => {
    const log = await context.client();
    const subscription = await subscribeTo(log, await context.topic(log));
    const startedAt = performance.now();
    expect(await subscription.receive({ recordsMax: 10, waitMsMax: 60 })).toEqual([]);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(50);
  });

  declare('ends a waiting call when it is closed', async (context) => {
    const log = await context.client();
    const subscription = await subscribeTo(log, await context.topic(log));
    const waiting = subscription.receive({ recordsMax: 10, waitMsMax: 8 * context.driver.deadlineMs });
    await subscription.close();
    expect(await waiting).toEqual([]);
  });
}

/** A key that belongs to the partition. */
function keyOf(partition: number, partitions: number): string {
  let number = 0;
  while (partitionOf(`key-${number}`, partitions) !== partition) number++;
  return `key-${number}`;
}
