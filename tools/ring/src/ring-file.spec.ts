import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StartupError } from '@ringside/core';
import { identify } from './processes.js';
import { readRing } from './regions.js';
import { readRingFile, withLock, withRegion, writeRingFile, type RegionRecord } from './ring-file.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ringside-ring-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const region = (name: string, block: number): RegionRecord => ({ name, block, processes: { pulsar: null, cql: null } });

describe('ring file', () => {
  it('is read as it was written, and leaves nothing else in the directory', () => {
    const empty = readRingFile(directory);
    expect(empty.regions).toEqual([]);
    const ring = withRegion(withRegion(empty, region('eu', 0)), region('us', 1));
    writeRingFile(directory, ring);
    expect(readRingFile(directory)).toEqual(ring);
    expect(readdirSync(directory)).toEqual(['ring.json']);
  });

  it('changes a region that it knows in its place', () => {
    const ring = withRegion(withRegion({ format: 1, regions: [] }, region('eu', 0)), region('us', 1));
    expect(withRegion(ring, region('eu', 7)).regions.map(({ name, block }) => `${name} ${block}`)).toEqual(['eu 7', 'us 1']);
  });

  it.each(['', '{', 'null', '{"format":2,"regions":[]}'])('is refused where it is %j', (text) => {
    writeFileSync(join(directory, 'ring.json'), text);
    expect(() => readRingFile(directory)).toThrow(StartupError);
  });

  it('tells which servers run: a number alone is not enough', () => {
    const self = identify(process.pid)!;
    const processes = { pulsar: self, cql: { ...self, startedAt: 'another time' } };
    writeRingFile(directory, { format: 1, regions: [{ name: 'eu', block: 0, processes }] });
    const [eu] = readRing(directory).regions;
    expect(eu?.servers.map(({ name, pid }) => [name, pid])).toEqual([
      ['pulsar', process.pid],
      ['cql', null],
    ]);
    expect(eu).toMatchObject({
      eventLogUrl: 'pulsar+ws://127.0.0.1:18080',
      nativeEventLogUrl: 'pulsar://127.0.0.1:18050?admin=http://127.0.0.1:18080',
      viewStoreUrl: 'cql://127.0.0.1:18042?dialect=cassandra&datacenter=datacenter1&replication=1',
    });
  });
});

describe('lock', () => {
  it('lets one change in at a time, and is gone afterwards even where the change failed', async () => {
    let inside = 0;
    const change = async (): Promise<number> => {
      inside += 1;
      const seen = inside;
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
      return seen;
    };
    const all = await Promise.all([1, 2, 3].map(() => withLock(directory, change)));
    expect(all).toEqual([1, 1, 1]);
    await expect(withLock(directory, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(join(directory, 'ring.lock'))).toBe(false);
  });

  it('is taken over from a process that has died', async () => {
    const dead = { ...identify(process.pid)!, startedAt: 'another time' };
    writeFileSync(join(directory, 'ring.lock'), JSON.stringify(dead));
    expect(await withLock(directory, () => Promise.resolve('in'))).toBe('in');
  });
});
