import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openLogFile, type LogFile } from './log-file.js';
import { openEmbeddedEventLog, type EmbeddedEventLog } from './open.js';
import { headKey } from './storage-key.js';

let directory: string;
let log: EmbeddedEventLog;
let file: LogFile;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ringside-ends-'));
  log = await openEmbeddedEventLog({ directory });
  file = await openLogFile(directory, 10_000);
  await log.createTopic('reports', { partitions: 1 });
  await log.append([record('first'), record('second')]);
});

afterEach(async () => {
  await file.environment.close();
  await log.close();
  rmSync(directory, { recursive: true });
});

const record = (id: string) => ({ topic: 'reports', key: 'key', id, bytes: Buffer.from(id) });
const end = headKey(0, 0);

async function ids(): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { id } of log.read({ topic: 'reports', partition: 0 })) found.push(id);
  return found;
}

describe('where a partition ends', () => {
  it('has a checksum: with any bit turned over nothing is appended over what is there, nor handed out', async () => {
    const whole = Buffer.from(file.heads.get(end)!);
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const damaged = Buffer.from(whole);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      await file.environment.write(() => file.heads.put(end, damaged));
      await expect(log.append([record('over')])).rejects.toMatchObject({ code: 'unavailable' });
      await expect(ids()).rejects.toMatchObject({ code: 'unavailable' });
    }
    await file.environment.write(() => file.heads.put(end, whole));
    expect(await ids()).toEqual(['first', 'second']);
  });

  it('is missed where it is gone and records are there', async () => {
    await file.environment.write(() => file.heads.remove(end));
    await expect(log.append([record('over')])).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('is read where an older version has written it', async () => {
    const older = file.heads.get(end)!.subarray(0, 12);
    await file.environment.write(() => file.heads.put(end, Buffer.from(older)));
    await log.append([record('third')]);
    expect(await ids()).toEqual(['first', 'second', 'third']);
  });
});

describe('a topic', () => {
  it('is refused where it is not as it was stored', async () => {
    await file.environment.write(() => file.topics.put('reports', { ...file.topics.get('reports')!, number: 1 }));
    await expect(log.topics()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('"reports" is damaged'),
    });
  });
});
