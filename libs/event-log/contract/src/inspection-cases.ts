import { expect } from '@jest/globals';
import { UnknownTopicError } from '@ringside/event-log';
import {
  appendNumbered,
  backlogOf,
  type DeclareCase,
  eventually,
  numberOf,
  readAll,
  subscribeTo,
  take,
} from './contract-case.js';

export function inspectionCases(declare: DeclareCase): void {
  declare('a partition is read from the earliest record, or from behind a position', async (context) => {
    const log = await context.client();
    const topic = await context.topic(log, 1);
    const stored = await appendNumbered(log, topic, 120);
    expect((await readAll(log, topic, 1)).map(numberOf)).toEqual(Array.from({ length: 120 }, (_, i) => i));
    const rest: number[] = [];
    for await (const record of log.read({ topic, partition: 0, after: stored[99]!.position })) rest.push(numberOf(record));
    expect(rest).toEqual(Array.from({ length: 20 }, (_, i) => i + 100));
    for await (const record of log.read({ topic, partition: 0, after: stored[119]!.position })) throw new Error(record.id);
  });

  declare('a partition is read from a position on, the record there included', async (context) => {
    const log = await context.client();
    const topic = await context.topic(log, 1);
    const stored = await appendNumbered(log, topic, 12);
    for (const [i, { position }] of stored.entries()) {
      const rest: number[] = [];
      for await (const record of log.read({ topic, partition: 0, from: position })) rest.push(numberOf(record));
      expect(rest).toEqual(stored.slice(i).map(numberOf));
    }
  });

  declare('reading ends at the head of the moment when it began', async (context) => {
    const log = await context.client();
    const topic = await context.topic(log, 1);
    await appendNumbered(log, topic, 30);
    let read = 0;
    for await (const _ of log.read({ topic, partition: 0 })) {
      if (read++ === 0) await appendNumbered(log, topic, 30);
    }
    expect(read).toBe(30);
    expect(await readAll(log, topic, 1)).toHaveLength(60);
  });

  declare('a partition is read from the first record that the log took at or after a time', async (context) => {
    const log = await context.client();
    const topic = await context.topic(log, 1);
    const before = await appendNumbered(log, topic, 20);
    await eventually(context, async () => expect(Date.now()).toBeGreaterThan(before.at(-1)!.appendedAt + 1));
    const [first] = await log.append([{ topic, key: 'k', id: 'first-of-the-later', bytes: Buffer.from('later') }]);
    await log.append([{ topic, key: 'k', id: 'second-of-the-later', bytes: Buffer.from('later') }]);
    const idsSince = async (since: number): Promise<readonly string[]> => {
      const ids: string[] = [];
      for await (const { id } of log.read({ topic, partition: 0, since })) ids.push(id);
      return ids;
    };
    expect(await idsSince(first!.appendedAt)).toEqual(['first-of-the-later', 'second-of-the-later']);
    expect(await idsSince(0)).toHaveLength(22);
    expect(await idsSince(Date.now() + 3_600_000)).toEqual([]);
  });

  declare('heads are the newest records, and null where there are none', async (context) => {
    const log = await context.client();
    const topic = await context.topic(log, 3);
    expect(await log.heads(topic)).toEqual([0, 1, 2].map((partition) => ({ partition, head: null })));
    const stored = await appendNumbered(log, topic, 60);
    for (const { partition, head } of await log.heads(topic)) {
      expect(head).toBe(stored.filter((record) => record.partition === partition).at(-1)?.position ?? null);
    }
    await expect(log.heads('contract-never-made')).rejects.toBeInstanceOf(UnknownTopicError);
  });

  declare('the backlog counts what is not acknowledged, and names its oldest record and the cursor', async (context) => {
    const log = await context.client();
    const topic = await context.topic(log, 1);
    expect(await log.backlog(topic, 'team')).toEqual([]);
    const stored = await appendNumbered(log, topic, 40);
    const subscription = await subscribeTo(log, topic);
    expect(await log.backlog(topic, 'team')).toEqual([
      { partition: 0, cursor: null, backlog: 40, oldestAppendedAt: stored[0]!.appendedAt },
    ]);
    const deliveries = await take(context, subscription, 30);
    await subscription.acknowledge(deliveries.slice(0, 25));
    await eventually(context, async () =>
      expect(await log.backlog(topic, 'team')).toEqual([
        { partition: 0, cursor: stored[24]!.position, backlog: 15, oldestAppendedAt: stored[25]!.appendedAt },
      ]),
    );
    await subscription.acknowledge(deliveries.slice(25));
    await subscription.acknowledge(await take(context, subscription, 10));
    await eventually(context, async () =>
      expect(await log.backlog(topic, 'team')).toEqual([
        { partition: 0, cursor: stored[39]!.position, backlog: 0, oldestAppendedAt: null },
      ]),
    );
    expect(await backlogOf(log, topic, 'nobody')).toBe(0);
  });

  declare('health is up, within 2 s', async (context) => {
    const log = await context.client();
    const startedAt = performance.now();
    expect(await log.health()).toEqual({ status: 'up' });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
}
