import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { open } from 'lmdb';
import { StartupError, UnavailableError } from '@ringside/core';
import { type Environment, type EnvironmentKind, openEnvironment } from './environment.js';

let directory: string;
let opened: Environment[];

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'ringside-environment-')), 'data');
  opened = [];
});

afterEach(async () => {
  await Promise.all(opened.map((environment) => environment.close()));
  rmSync(join(directory, '..'), { recursive: true, force: true });
});

async function openHere(kind: EnvironmentKind = 'event-log'): Promise<Environment> {
  const environment = await openEnvironment({ directory, kind, maxTables: 4 });
  opened.push(environment);
  return environment;
}

const dataFile = (): string => join(directory, 'data.mdb');
const key = (text: string): Buffer => Buffer.from(text);

async function fillAndClose(rows: number): Promise<void> {
  const environment = await openHere();
  const table = environment.table('rows');
  await environment.write(() => {
    for (let i = 0; i < rows; i++) table.put(key(`row-${i}`), Buffer.alloc(400, i));
  });
  await environment.close();
}

describe('an environment', () => {
  it('keeps what was written, under a marker that says what it is', async () => {
    await fillAndClose(10);
    const environment = await openHere();
    expect(environment.table('rows').get(key('row-7'))).toEqual(Buffer.alloc(400, 7));
    expect(JSON.parse(readFileSync(join(directory, 'ringside.json'), 'utf8'))).toEqual({
      format: 'ringside',
      kind: 'event-log',
      version: 2,
    });
  });

  it('is one file for everybody in the process who opens it', async () => {
    const [first, second] = await Promise.all([openHere(), openHere()]);
    const table = first.table('rows');
    await Promise.all([
      first.write(() => table.put(key('a'), Buffer.from('1'))),
      second.write(() => second.table('rows').put(key('b'), Buffer.from('2'))),
    ]);
    await first.close();
    expect(second.table('rows').get(key('a'))).toEqual(Buffer.from('1'));
    await expect(first.write(() => 1)).rejects.toBeInstanceOf(UnavailableError);
    await second.close();
    const third = await openHere();
    expect(third.table('rows').get(key('b'))).toEqual(Buffer.from('2'));
  });
});

describe('openEnvironment refuses, in one sentence that names the directory,', () => {
  const refusal = async (kind: EnvironmentKind = 'event-log'): Promise<string> => {
    const error: unknown = await openHere(kind).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(StartupError);
    const { message } = error as StartupError;
    expect(message).toContain(directory);
    expect(message).toMatch(/^[^\n]+\.$/);
    return message;
  };

  it('a directory with foreign files', async () => {
    mkdirSync(directory);
    writeFileSync(join(directory, 'thesis.doc'), 'years of work');
    expect(await refusal()).toContain('choose an empty or a new one');
    expect(readFileSync(join(directory, 'thesis.doc'), 'utf8')).toBe('years of work');
  });

  it('a directory of another kind', async () => {
    await fillAndClose(1);
    expect(await refusal('view-store')).toContain('holds a Ringside event-log, not a view-store');
  });

  it('a directory of a newer version', async () => {
    mkdirSync(directory);
    writeFileSync(join(directory, 'ringside.json'), JSON.stringify({ format: 'ringside', kind: 'event-log', version: 99 }));
    expect(await refusal()).toContain('newer Ringside');
  });

  it.each(['', '{"format":', '[]', '{"format":"other"}'])('a marker that reads %j', async (text) => {
    mkdirSync(directory);
    writeFileSync(join(directory, 'ringside.json'), text);
    expect(await refusal()).toContain('ringside.json is damaged');
  });

  it('a path that is no directory', async () => {
    writeFileSync(directory, 'a file');
    expect(await refusal()).toContain('make it writable, or choose another one');
  });

  it('a data file of garbage', async () => {
    await fillAndClose(10);
    writeFileSync(dataFile(), Buffer.alloc(20_000, 0x5a));
    expect(await refusal()).toContain('does not begin as one');
  });

  it.each([0, 100, 4096, 3 * 4096, 200_000])('a data file cut to %i bytes', async (bytes) => {
    await fillAndClose(2_000);
    expect(statSync(dataFile()).size).toBeGreaterThan(bytes);
    truncateSync(dataFile(), bytes);
    expect(await refusal()).toMatch(/is damaged/);
  });

  it('a data file that is gone', async () => {
    await fillAndClose(1);
    rmSync(dataFile());
    expect(await refusal()).toContain('missing or empty');
  });
});

describe('a data file that is rightly shorter than its last page', () => {
  it('is opened: LMDB does not write pages that a transaction both made and freed', async () => {
    let shorter = 0;
    await (await openHere()).close();
    for (let round = 0; round < 20; round++) {
      // By LMDB itself: an environment's own last write of a transaction is a row that stays.
      const root = open({ path: dataFile(), maxDbs: 4, overlappingSync: false, encoding: 'binary', keyEncoding: 'binary' });
      const table = root.openDB<Buffer, Buffer>('rows', { encoding: 'binary', keyEncoding: 'binary' });
      await root.transaction(() => {
        for (let i = 0; i < 60; i++) table.put(key(`row-${round}-${i}`), Buffer.alloc(i % 9 === 0 ? 9_000 : 700, i));
        for (let i = 3; i < 60; i++) table.remove(key(`row-${round}-${i}`));
      });
      await root.close();
      if (statSync(dataFile()).size < lastPageEnd()) shorter++;
    }
    expect(shorter).toBeGreaterThan(0); // otherwise this shows nothing
    const environment = await openHere();
    expect([...environment.table('rows').getKeys()]).toHaveLength(60);
  });

  function lastPageEnd(): number {
    const file = readFileSync(dataFile());
    const metas = [0, 4096].map((offset) => ({
      transaction: file.readBigUInt64LE(offset + 152),
      end: (Number(file.readBigUInt64LE(offset + 144)) + 1) * 4096,
    }));
    return metas[0]!.transaction > metas[1]!.transaction ? metas[0]!.end : metas[1]!.end;
  }
});
