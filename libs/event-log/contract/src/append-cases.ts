import { expect } from '@jest/globals';
import {
  KeyTooLongError,
  keyBytesMax,
  type NewRecord,
  PartitionCountError,
  partitionOf,
  RecordTooLargeError,
  UnknownTopicError,
} from '@ringside/event-log';
import { appendNumbered, type DeclareCase, idsOf, numbered, readAll, subscribeTo } from './contract-case.js';

export function appendCases(declare: DeclareCase): void {
  declare('answers with the place of each record, in the given order, and another client reads them', async (context) => {
    const log = await context.client();
    const topic = await context.topic(log);
    const stored = await appendNumbered(log, topic, 120);
    expect(stored).toHaveLength(120);
    for (const record of stored) expect(record.partition).toBe(partitionOf(record.key, 4));
    const other = await context.client();
    expect(idsOf(await readAll(other, topic, 4))).toEqual(idsOf(stored));
  });

  declare('is still there when every client was closed', async (context) => {
    const first = await context.client();
    const topic = await context.topic(first);
    const stored = await appendNumbered(first, topic, 20);
    await first.close();
    expect(idsOf(await readAll(await context.client(), topic, 4))).toEqual(idsOf(stored));
  });

  declare('gives positions that rise as strings, and times that are near', async (context) => {
    const log = await context.client();
    const topic = await context.topic(log, 1);
    const stored = await appendNumbered(log, topic, 120);
    const positions = stored.map(({ position }) => position);
    expect([...new Set(positions)].sort()).toEqual(positions);
    for (const { appendedAt } of stored) expect(Math.abs(appendedAt - Date.now())).toBeLessThan(60_000);
  });

  declare('keeps ids, keys and bytes as they are: binary, empty, unicode, long', async (context) => {
    const log = await context.client();
    const topic = await context.topic(log);
    const everyByte = Uint8Array.from({ length: 256 }, (_, i) => i);
    const records: NewRecord[] = [
      { topic, key: 'plain', id: 'id-1', bytes: everyByte },
      { topic, key: 'Ünïcödé 鍵 🔑', id: 'id-2', bytes: new Uint8Array(0) },
      { topic, key: 'k'.repeat(keyBytesMax), id: 'id-3', bytes: Buffer.alloc(200_000, 0xa5) },
      // A view into a larger buffer: only its own bytes belong to the record.
      { topic, key: 'view', id: 'id-4', bytes: everyByte.subarray(10, 20) },
    ];
    await log.append(records);
    const read = await readAll(log, topic, 4);
    for (const { key, id, bytes } of records) {
      const record = read.find((candidate) => candidate.id === id);
      expect(record).toMatchObject({ topic, key, partition: partitionOf(key, 4) });
      expect(Buffer.from(record!.bytes).equals(bytes)).toBe(true);
    }
  });

  declare('loses nothing and doubles nothing when two clients append at once', async (context) => {
    const [first, second] = [await context.client(), await context.client()];
    const topic = await context.topic(first);
    const append = async (log: typeof first, number: number) =>
      (await log.append([numbered(topic, `key-${number % 17}`, number)]))[0]!;
    const stored = await Promise.all(Array.from({ length: 400 }, (_, i) => append(i % 2 === 0 ? first : second, i)));
    const read = await readAll(first, topic, 4);
    expect(idsOf(read)).toEqual(idsOf(stored));
    const placeOf = (record: { partition: number; position: string; id: string }) =>
      `${record.partition}/${record.position}/${record.id}`;
    expect(read.map(placeOf).sort()).toEqual(stored.map(placeOf).sort());
  });

  declare('takes several topics in one call, and an empty call', async (context) => {
    const log = await context.client();
    const [one, other] = [await context.topic(log), await context.topic(log, 2)];
    expect(await log.append([])).toEqual([]);
    const stored = await log.append([numbered(one, 'a', 0), numbered(other, 'a', 1), numbered(one, 'b', 2)]);
    expect(stored.map(({ topic }) => topic)).toEqual([one, other, one]);
    expect(await readAll(log, one, 4)).toHaveLength(2);
    expect(await readAll(log, other, 2)).toHaveLength(1);
  });

  declare('refuses a whole call for one unknown topic, large record or long key, and stores nothing of it', async (context) => {
    const log = await context.client();
    const topic = await context.topic(log);
    const good = numbered(topic, 'good', 0);
    const large = { ...good, bytes: new Uint8Array(context.driver.capabilities.recordBytesMax + 1) };
    await expect(log.append([good, large])).rejects.toBeInstanceOf(RecordTooLargeError);
    await expect(log.append([good, numbered('contract-never-made', 'k', 1)])).rejects.toBeInstanceOf(UnknownTopicError);
    await expect(log.append([good, numbered(topic, 'ü'.repeat(keyBytesMax / 2) + 'x', 1)])).rejects.toBeInstanceOf(
      KeyTooLongError,
    );
    expect(await readAll(log, topic, 4)).toEqual([]);
  });

  declare('takes a record of the largest size that the driver declares', async (context) => {
    const log = await context.client();
    expect(log.capabilities).toEqual(context.driver.capabilities);
    const topic = await context.topic(log);
    const bytes = Buffer.alloc(log.capabilities.recordBytesMax, 7);
    await log.append([{ ...numbered(topic, 'k', 0), bytes }]);
    expect(Buffer.from((await readAll(log, topic, 4))[0]!.bytes).equals(bytes)).toBe(true);
  });

  declare('makes a topic once, says which there are, and refuses another number of partitions', async (context) => {
    const [log, other] = [await context.client(), await context.client()];
    const topic = await context.topic(log, 3);
    await Promise.all([log.createTopic(topic, { partitions: 3 }), other.createTopic(topic, { partitions: 3 })]);
    expect(await other.topics()).toContainEqual({ topic, partitions: 3 });
    await expect(other.createTopic(topic, { partitions: 5 })).rejects.toBeInstanceOf(PartitionCountError);
    await expect(subscribeTo(log, 'contract-never-made')).rejects.toBeInstanceOf(UnknownTopicError);
  });
}
