import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StartupError } from '@ringside/core';
import { DamagedRecordError, type StoredRecord } from '@ringside/event-log';
import { openEnvironment } from '@ringside/lmdb-environment';
import { type EmbeddedEventLog, openEmbeddedEventLog } from './open.js';
import { recordKeyBytes, writeRecordKey } from './storage-key.js';

let directory: string;
let now: number;
let log: EmbeddedEventLog;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ringside-log-'));
  now = 1_000_000;
  log = await openEmbeddedEventLog({ directory, clock: () => now });
  await log.createTopic('topic', { partitions: 1 });
});

afterEach(async () => {
  await log.close();
  rmSync(directory, { recursive: true, force: true });
});

const append = (id: string, bytes = Buffer.from(id)) => log.append([{ topic: 'topic', key: 'key', id, bytes }]);

/** Flips a byte of the record on disk, as a failing disk might. */
async function damage(offset: number, { topic, partition } = { topic: 0, partition: 0 }): Promise<void> {
  const environment = await openEnvironment({ directory, kind: 'event-log', maxTables: 8 });
  const key = Buffer.alloc(recordKeyBytes);
  writeRecordKey(key, topic, partition, offset);
  const records = environment.table('records');
  const value = records.get(key)!;
  value[value.length - 6]! ^= 1;
  await environment.write(() => records.put(key, value));
  await environment.close();
}

describe('a long read', () => {
  it('lets others have their turn', async () => {
    await log.append(
      Array.from({ length: 2_000 }, (_, i) => ({ topic: 'topic', key: 'key', id: `id-${i}`, bytes: Buffer.from('x') })),
    );
    let [turns, read] = [0, 0];
    const count = setInterval(() => (turns += 1), 0);
    for await (const _ of log.read({ topic: 'topic', partition: 0 })) read += 1;
    clearInterval(count);
    expect(read).toBe(2_000);
    expect(turns).toBeGreaterThan(0);
  });
});

describe('a damaged record', () => {
  it('is never served: what stands before it is, then the damage is said', async () => {
    for (let i = 0; i < 5; i++) await append(`id-${i}`);
    await damage(3);
    const subscription = await log.subscribe({ topic: 'topic', subscription: 's', start: { at: 'earliest' }, consumer: 'c' });
    const receive = () => subscription.receive({ recordsMax: 10, waitMsMax: 1_000 });
    expect((await receive()).map(({ id }) => id)).toEqual(['id-0', 'id-1', 'id-2']);
    await expect(receive()).rejects.toBeInstanceOf(DamagedRecordError);
    const read: string[] = [];
    const readAll = async () => {
      for await (const { id } of log.read({ topic: 'topic', partition: 0 })) read.push(id);
    };
    await expect(readAll()).rejects.toMatchObject({ code: 'damaged_record', topic: 'topic', partition: 0 });
    expect(read).toEqual(['id-0', 'id-1', 'id-2']);
  });

  it('keeps no other partition waiting', async () => {
    await log.createTopic('wide', { partitions: 3 });
    const keys = Array.from({ length: 30 }, (_, i) => `key-${i}`);
    const appended: StoredRecord[] = [];
    for (const key of keys) appended.push(...(await log.append([{ topic: 'wide', key, id: key, bytes: Buffer.from(key) }])));
    await damage(0, { topic: 1, partition: 0 });
    const wanted = keys.filter((_, i) => appended[i]!.partition !== 0);
    expect(new Set(appended.map(({ partition }) => partition)).size).toBe(3);
    const subscription = await log.subscribe({ topic: 'wide', subscription: 's', start: { at: 'earliest' }, consumer: 'c' });
    const got: string[] = [];
    while (got.length < wanted.length) {
      const deliveries = await subscription.receive({ recordsMax: 2, waitMsMax: 1_000 });
      got.push(...deliveries.map(({ id }) => id));
      await subscription.acknowledge(deliveries);
    }
    expect(got.sort()).toEqual(wanted.sort());
    await expect(subscription.receive({ recordsMax: 2, waitMsMax: 0 })).rejects.toBeInstanceOf(DamagedRecordError);
  });
});

describe('the time of a record', () => {
  it('does not fall when the clock does, so that a start by time finds its place', async () => {
    const times: number[] = [];
    for (const step of [0, 50, -500, 10, 1_000]) {
      now += step;
      times.push((await append(`id-${now}`))[0]!.appendedAt);
    }
    expect(times).toEqual([1_000_000, 1_000_050, 1_000_050, 1_000_050, 1_000_560]);
    const start = { at: 'time', time: 1_000_051 } as const;
    const subscription = await log.subscribe({ topic: 'topic', subscription: 's', start, consumer: 'c' });
    expect((await subscription.receive({ recordsMax: 10, waitMsMax: 1_000 })).map(({ id }) => id)).toEqual(['id-1000560']);
  });
});

describe('receive', () => {
  it('answers with about 4 MiB at most, however many records were asked for', async () => {
    for (let i = 0; i < 12; i++) await append(`id-${i}`, Buffer.alloc(1_000_000, i));
    const subscription = await log.subscribe({ topic: 'topic', subscription: 's', start: { at: 'earliest' }, consumer: 'c' });
    const counts: number[] = [];
    for (let left = 12; left > 0; left -= counts.at(-1)!) {
      counts.push((await subscription.receive({ recordsMax: 100, waitMsMax: 1_000 })).length);
    }
    expect(counts).toEqual([5, 5, 2]);
  });
});

describe('acknowledge', () => {
  it('refuses a record before an earlier one', async () => {
    for (let i = 0; i < 3; i++) await append(`id-${i}`);
    const subscription = await log.subscribe({ topic: 'topic', subscription: 's', start: { at: 'earliest' }, consumer: 'c' });
    const deliveries = await subscription.receive({ recordsMax: 3, waitMsMax: 1_000 });
    await expect(subscription.acknowledge(deliveries.slice(1))).rejects.toBeInstanceOf(RangeError);
    await subscription.acknowledge(deliveries);
  });
});

describe('the directory of an event log', () => {
  it('is not taken for another thing, nor another thing for it', async () => {
    await expect(openEnvironment({ directory, kind: 'view-store', maxTables: 1 })).rejects.toBeInstanceOf(StartupError);
    const cursors = join(directory, 'cursors');
    await expect(openEmbeddedEventLog({ directory: cursors })).rejects.toBeInstanceOf(StartupError);
  });
});
