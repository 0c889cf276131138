import { execFile, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { open, type Database, type RootDatabase } from 'lmdb';
import { openEnvironment } from './environment.js';
import { createGroupCommit } from './group-commit.js';
import { isTurnedBack, recount } from './turned-back.js';

let directory: string;
let file: string;
let root: RootDatabase;
let table: Database<Buffer, Buffer>;

const asBytes = { encoding: 'binary', keyEncoding: 'binary' } as const;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ringside-turned-back-'));
  file = join(directory, 'data.mdb');
  root = open({ path: file, maxDbs: 2, overlappingSync: false, eventTurnBatching: false, mapSize: 2 ** 32, ...asBytes });
  table = root.openDB<Buffer, Buffer>('rows', asBytes);
});

afterEach(async () => {
  await root.close();
  rmSync(directory, { recursive: true, force: true });
});

const key = (number: number): Buffer => Buffer.from(String(number));

/** Opens the file in another process, and holds that up where LMDB has read the newest transaction and not yet set the count. */
const openSlowly = async (): Promise<unknown> => {
  const lmdb = createRequire(import.meta.url).resolve('lmdb');
  const opening = `require(process.argv[1]).open({ path: process.argv[2], overlappingSync: false, mapSize: 2 ** 32 }); process.exit(0)`;
  const slowly = [
    '-f',
    '-qq',
    '-o',
    join(directory, 'trace'),
    '-P',
    file,
    '-e',
    'trace=mmap',
    '-e',
    'inject=mmap:delay_exit=100000',
  ];
  return promisify(execFile)('strace', [...slowly, process.execPath, '-e', opening, lmdb, file]);
};

const hasStrace = spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status === 0;

describe('a file that another process opens between two commits', () => {
  it('is as it was where nobody commits meanwhile', async () => {
    await root.transaction(() => table.put(key(0), key(0)));
    recount(file);
    expect(await root.transaction(() => isTurnedBack(root))).toBe(false);
  });

  (hasStrace ? it : it.skip)(
    'loses none of them, though LMDB had begun to count anew from an older one',
    async () => {
      const commit = createGroupCommit(root, {
        commitMsMax: 10_000,
        translate: (error) => error,
        recount: () => recount(file),
        newest: { store: () => 0, committed: () => undefined },
      });
      const opened = { all: false };
      const opening = (async () => {
        for (let i = 0; i < 3; i++) await openSlowly();
      })().finally(() => (opened.all = true));
      const lost: number[] = [];
      for (let i = 0; !opened.all; i++) {
        await commit.write(() => {
          if (i > 0 && table.get(key(i - 1)) === undefined) lost.push(i - 1);
          table.put(key(i), key(i));
        });
      }
      await opening;
      expect(lost).toEqual([]);
    },
    60_000,
  );
});

/** Sets the count that processes share back by one, as an opening does that began before the newest commit. Answers what it was. */
function turnBack(lockFile: string): number {
  const countAt = 8; // behind LMDB's magic number and the format of its lock file
  const count = Buffer.alloc(8);
  const descriptor = openSync(lockFile, 'r+');
  readSync(descriptor, count, 0, 8, countAt);
  const newest = Number(count.readBigUInt64LE());
  count.writeBigUInt64LE(BigInt(newest - 1));
  writeSync(descriptor, count, 0, 8, countAt);
  closeSync(descriptor);
  return newest;
}

describe('a count that was turned back', () => {
  it('is noticed, and mended by an opening', async () => {
    await root.transaction(() => table.put(key(1), key(1)));
    const newest = turnBack(`${file}-lock`);
    expect(newest).toBe((root as unknown as { env: { info(): { lastTxnId: number } } }).env.info().lastTxnId);
    expect(await root.transaction(() => isTurnedBack(root))).toBe(true);
    recount(file);
    expect(await root.transaction(() => isTurnedBack(root))).toBe(false);
  });

  it('takes from no reader what it has written or seen before', async () => {
    const environment = await openEnvironment({ directory: join(directory, 'shared'), kind: 'event-log', maxTables: 1 });
    const rows = environment.table('rows');
    await environment.write(() => rows.put(key(1), key(1)));
    await environment.write(() => rows.put(key(1), key(2)));
    turnBack(join(environment.directory, 'data.mdb-lock'));
    environment.refresh();
    expect(environment.read(() => rows.get(key(1)))).toEqual(key(2));
    turnBack(join(environment.directory, 'data.mdb-lock'));
    await environment.write(() => rows.put(key(2), key(2)));
    expect(environment.read(() => [rows.get(key(1)), rows.get(key(2))])).toEqual([key(2), key(2)]);
    await environment.close();
  });
});
