import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DamagedRecordError, type Position, type StoredRecord } from '@ringside/event-log';
import { openEnvironment } from '@ringside/lmdb-environment';
import { openLogFile, writeHead } from './log-file.js';
import { type EmbeddedEventLog, openEmbeddedEventLog } from './open.js';
import { formatOneRecord } from './record-codec.fixture.js';
import { headKey, recordKeyBytes, writeRecordKey } from './storage-key.js';

const topic = 'topic';
let directory: string;
let log: EmbeddedEventLog;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ringside-segments-'));
  log = await openEmbeddedEventLog({ directory });
  await log.createTopic(topic, { partitions: 1 });
});

afterEach(async () => {
  await log.close();
  rmSync(directory, { recursive: true, force: true });
});

const newRecord = (id: string, bytes = Buffer.from(`bytes of ${id}`)) => ({ topic, key: 'key', id, bytes });
const idsFrom = (from: number, count: number): string[] => Array.from({ length: count }, (_, i) => `id-${from + i}`);

async function readAll(after?: Position): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  for await (const record of log.read({ topic, partition: 0, ...(after !== undefined && { after }) })) records.push(record);
  return records;
}

/** How many values the file has for the partition. */
async function segmentsStored(): Promise<number> {
  const environment = await openEnvironment({ directory, kind: 'event-log', maxTables: 8 });
  environment.refresh();
  const count = environment.table('records').getKeysCount();
  await environment.close();
  return count;
}

describe('records that are appended at the same time', () => {
  it('are stored together, and read one by one from any of them on', async () => {
    const appended = await log.append(idsFrom(0, 100).map((id) => newRecord(id)));
    expect(await segmentsStored()).toBe(1);
    for (const start of [0, 1, 50, 98]) {
      expect((await readAll(appended[start]!.position)).map(({ id }) => id)).toEqual(idsFrom(start + 1, 99 - start));
    }
    expect(await readAll()).toEqual(appended.map((record) => ({ ...record, bytes: Buffer.from(record.bytes) })));
  });

  it('are read across segments, in slices that end anywhere', async () => {
    for (const count of [3, 1, 7, 300, 2]) {
      const from = (await log.heads(topic))[0]!.head === null ? 0 : Number((await log.heads(topic))[0]!.head) + 1;
      await log.append(idsFrom(from, count).map((id) => newRecord(id)));
    }
    const subscription = await log.subscribe({ topic, subscription: 's', start: { at: 'earliest' }, consumer: 'c' });
    const received: string[] = [];
    for (let step = 1; received.length < 313; step++) {
      const deliveries = await subscription.receive({ recordsMax: 1 + (step % 5), waitMsMax: 1_000 });
      received.push(...deliveries.map(({ id }) => id));
      await subscription.acknowledge(deliveries);
    }
    expect(received).toEqual(idsFrom(0, 313));
  });

  it('fill several segments where they are many, or large', async () => {
    await log.append(idsFrom(0, 600).map((id) => newRecord(id)));
    expect(await segmentsStored()).toBe(3);
    await log.append(idsFrom(600, 4).map((id) => newRecord(id, Buffer.alloc(40_000))));
    expect(await segmentsStored()).toBe(3 + 4);
    expect((await readAll()).map(({ id }) => id)).toEqual(idsFrom(0, 604));
  });

  it('of which one is damaged are all read but for that one', async () => {
    const appended = await log.append(idsFrom(0, 10).map((id) => newRecord(id)));
    const environment = await openEnvironment({ directory, kind: 'event-log', maxTables: 8 });
    const key = Buffer.alloc(recordKeyBytes);
    writeRecordKey(key, 0, 0, 0);
    const records = environment.table('records');
    const value = Buffer.from(records.get(key)!);
    value[value.indexOf('bytes of id-4')]! ^= 1;
    await environment.write(() => records.put(key, value));
    await environment.close();
    await expect(readAll()).rejects.toMatchObject({ code: 'damaged_record', position: appended[4]!.position });
    await expect(readAll()).rejects.toBeInstanceOf(DamagedRecordError);
    expect((await readAll(appended[4]!.position)).map(({ id }) => id)).toEqual(idsFrom(5, 5));
  });
});

describe('a log that format 1 has begun', () => {
  const marker = (): string => join(directory, 'ringside.json');

  /** What the version before this one left: records one by one, and its own number in the marker. */
  async function beginAsFormatOne(count: number): Promise<void> {
    const file = await openLogFile(directory, 1_000);
    await file.environment.write(() => {
      for (const [offset, id] of idsFrom(0, count).entries()) {
        const { key, value } = formatOneRecord(newRecord(id), { topicNumber: 0, partition: 0, offset }, 1_000 + offset);
        file.records.put(key, value);
      }
      writeHead(file, headKey(0, 0), { next: count, appendedAt: 1_000 + count });
    });
    await file.environment.close();
    await log.close();
    writeFileSync(marker(), readFileSync(marker(), 'utf8').replace('"version":2', '"version":1'));
  }

  it('is read, and goes on', async () => {
    await beginAsFormatOne(5);
    log = await openEmbeddedEventLog({ directory });
    await log.append(idsFrom(5, 3).map((id) => newRecord(id)));
    expect((await readAll()).map(({ id }) => id)).toEqual(idsFrom(0, 8));
    expect((await readAll(String(2).padStart(16, '0') as Position)).map(({ id }) => id)).toEqual(idsFrom(3, 5));
  });

  it('says from then on that older versions cannot read it', async () => {
    await beginAsFormatOne(1);
    log = await openEmbeddedEventLog({ directory });
    expect(JSON.parse(readFileSync(marker(), 'utf8'))).toEqual({ format: 'ringside', kind: 'event-log', version: 2 });
  });
});
