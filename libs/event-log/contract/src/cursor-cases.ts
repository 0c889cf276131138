import { expect } from '@jest/globals';
import type { EventLog, Start } from '@ringside/event-log';
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

export function cursorCases(declare: DeclareCase): void {
  declare('goes on behind what was acknowledged, after everything was closed and opened again', async (context) => {
    const first = await context.client();
    const topic = await context.topic(first, 1);
    await appendNumbered(first, topic, 50);
    const subscription = await subscribeTo(first, topic);
    await subscription.acknowledge((await take(context, subscription, 40)).slice(0, 30));
    await first.close();
    const second = await context.client();
    const taken = await take(context, await subscribeTo(second, topic, { start: { at: 'latest' } }), 20);
    expect(taken.map(numberOf)).toEqual(Array.from({ length: 20 }, (_, i) => i + 30));
  });

  declare('stays where nothing was acknowledged: all of it comes again', async (context) => {
    const log = await context.client();
    const topic = await context.topic(log);
    const stored = await appendNumbered(log, topic, 30);
    const subscription = await subscribeTo(log, topic);
    await take(context, subscription, 30);
    await subscription.close();
    expect(idsOf(await take(context, await subscribeTo(log, topic), 30))).toEqual(idsOf(stored));
  });

  declare(
    'is where redelivery begins, under a new assignment; acknowledgements of the old one count for nothing',
    async (context) => {
      const log = await context.client();
      const topic = await context.topic(log, 1);
      await appendNumbered(log, topic, 20);
      const subscription = await subscribeTo(log, topic);
      const first = await take(context, subscription, 15);
      await subscription.acknowledge(first.slice(0, 5));
      await subscription.redeliver(0);
      await subscription.acknowledge(first.slice(5));
      const again = await take(context, subscription, 15);
      expect(again.map(numberOf)).toEqual(Array.from({ length: 15 }, (_, i) => i + 5));
      for (const { assignment } of again) expect(assignment).toBeGreaterThan(first[0]!.assignment);
      await subscription.close();
      expect(await backlogOf(log, topic)).toBe(15);
    },
  );

  declare('goes back to the earliest record, under a new assignment', async (context) => {
    const { log, topic, stored, resetTo } = await consumed(context);
    const taken = await resetTo({ at: 'earliest' }, stored.length);
    expect(idsOf(taken)).toEqual(idsOf(stored));
    expect(await backlogOf(log, topic)).toBe(stored.length);
  });

  declare('goes behind a position of one partition and stays in the others', async (context) => {
    const { stored, resetTo } = await consumed(context);
    const { partition } = stored[0]!;
    const ofPartition = stored.filter((record) => record.partition === partition);
    const taken = await resetTo({ at: 'after', partition, position: ofPartition[2]!.position }, ofPartition.length - 3);
    expect(taken.map(({ position }) => position)).toEqual(ofPartition.slice(3).map(({ position }) => position));
  });

  declare('goes to a time', async (context) => {
    const { stored, resetTo } = await consumed(context);
    const time = stored.at(-1)!.appendedAt;
    const wanted = stored.filter(({ appendedAt }) => appendedAt >= time);
    expect(idsOf(await resetTo({ at: 'time', time }, wanted.length))).toEqual(idsOf(wanted));
  });

  declare('goes to the latest record, over all that is waiting', async (context) => {
    const log = await context.client();
    const topic = await context.topic(log);
    await appendNumbered(log, topic, 30);
    await (await subscribeTo(log, topic)).close();
    await log.resetCursor(topic, 'team', { at: 'latest' });
    await eventually(context, async () => expect(await backlogOf(log, topic)).toBe(0));
    const subscription = await subscribeTo(log, topic);
    const stored = await appendNumbered(log, topic, 10);
    expect(idsOf(await take(context, subscription, 10))).toEqual(idsOf(stored));
  });

  declare('can be moved by another client than the one that consumes', async (context) => {
    const { topic, stored, subscription } = await consumed(context);
    await (await context.client()).resetCursor(topic, 'team', { at: 'earliest' });
    expect(idsOf(await take(context, subscription, stored.length))).toEqual(idsOf(stored));
  });
}

/** 40 records that an active consumer has acknowledged, and a way to move its cursor. */
async function consumed(context: CaseContext) {
  const log: EventLog = await context.client();
  const topic = await context.topic(log, 2);
  const stored = await appendNumbered(log, topic, 40);
  const subscription = await subscribeTo(log, topic);
  const first = await take(context, subscription, 40, (deliveries) => subscription.acknowledge(deliveries));
  await eventually(context, async () => expect(await backlogOf(log, topic)).toBe(0));
  const latest = Math.max(...first.map(({ assignment }) => assignment));

  async function resetTo(start: Start, count: number) {
    await log.resetCursor(topic, 'team', start);
    const taken = await take(context, subscription, count);
    for (const { assignment } of taken) expect(assignment).toBeGreaterThan(latest);
    expect(await subscription.receive({ recordsMax: 10, waitMsMax: context.driver.quietMs })).toEqual([]);
    return taken;
  }
  return { log, topic, stored, subscription, resetTo };
}
