import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Database, RootDatabase } from 'lmdb';
import { type Environment, openEnvironment } from './environment.js';
import { createGroupCommit, type GroupCommit } from './group-commit.js';

let directory: string;
let environment: Environment;
let table: Database<Buffer, Buffer>;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ringside-group-'));
  environment = await openEnvironment({ directory, kind: 'view-store', maxTables: 2 });
  table = environment.table('rows');
});

afterEach(async () => {
  await environment.close();
  rmSync(directory, { recursive: true, force: true });
});

const key = (number: number): Buffer => Buffer.from(String(number));
const countCommits = (): number =>
  (environment.table('rows') as unknown as { getStats(): { lastTxnId: number } }).getStats().lastTxnId;

describe('writes that callers make at the same time', () => {
  it('share commits, and each gets its own answer', async () => {
    const before = countCommits();
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, i) =>
        environment.write(() => {
          table.put(key(i), Buffer.from([i & 0xff]));
          return i;
        }),
      ),
    );
    expect(answers).toEqual(Array.from({ length: 500 }, (_, i) => i));
    expect(countCommits() - before).toBeLessThan(10);
  });

  it('see what the ones before them in the group wrote', async () => {
    await Promise.all(
      Array.from({ length: 100 }, () =>
        environment.write(() => {
          const count = table.get(key(0))?.readUInt32BE() ?? 0;
          const next = Buffer.alloc(4);
          next.writeUInt32BE(count + 1);
          table.put(key(0), next);
        }),
      ),
    );
    expect(table.get(key(0))?.readUInt32BE()).toBe(100);
  });

  it('fail alone: what the failing one wrote is undone, what the others wrote stays', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, i) =>
        environment.write(() => {
          table.put(key(i), Buffer.from('written'));
          if (i % 7 === 3) throw new RangeError(`no ${i}`);
        }),
      ),
    );
    for (const [i, outcome] of outcomes.entries()) {
      expect(outcome.status).toBe(i % 7 === 3 ? 'rejected' : 'fulfilled');
      expect(table.doesExist(key(i))).toBe(i % 7 !== 3);
      if (outcome.status === 'rejected') expect(outcome.reason).toEqual(new RangeError(`no ${i}`));
    }
  });

  it('keep their order and their own outcomes where some need nothing undone', async () => {
    const read = (): string => table.get(key(0))?.toString() ?? '';
    const outcomes = await Promise.allSettled(
      [...'aBcDEfGhI'].map((letter) =>
        environment.write(
          () => {
            if (letter === 'D') throw new RangeError('before its first write');
            table.put(key(0), Buffer.from(read() + letter));
            if (letter === 'f') throw new RangeError('behind its first write');
          },
          { writesLast: letter < 'a' },
        ),
      ),
    );
    expect(outcomes.map(({ status }) => status[0]).join('')).toBe('fffrfrfff');
    expect(read()).toBe('aBcEGhI');
  });

  it('may be issued from the answer of another, and are all done when the environment has closed', async () => {
    const done: number[] = [];
    const chain = environment
      .write(() => table.put(key(1), key(1)))
      .then(() => environment.write(() => table.put(key(2), key(2))))
      .then(() => done.push(2));
    await chain;
    const last = environment.write(() => table.put(key(3), key(3))).then(() => done.push(3));
    await environment.close();
    expect(done).toEqual([2, 3]);
    await last;
    environment = await openEnvironment({ directory, kind: 'view-store', maxTables: 2 });
    table = environment.table('rows');
    expect(table.doesExist(key(3))).toBe(true);
  });
});

describe('a commit that does not come', () => {
  it('is reported, more writes are refused at once, and all goes on when it came after all', async () => {
    await environment.close();
    environment = await openEnvironment({ directory, kind: 'view-store', maxTables: 2, commitMsMax: 40 });
    table = environment.table('rows');
    // Holds the write lock, as a process that was stopped inside a transaction does.
    let release!: () => void;
    const held = new Promise<void>((resolve) => (release = resolve));
    const holding = table.transaction(() => held);

    const late = [1, 2].map((number) => environment.write(() => table.put(key(number), key(number))));
    for (const outcome of await Promise.allSettled(late)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'unavailable', dependency: 'view-store' } });
    }
    await expect(environment.write(() => table.put(key(3), key(3)))).rejects.toMatchObject({ code: 'unavailable' });
    release();
    await holding;
    const until = performance.now() + 5_000;
    const again = (): Promise<unknown> =>
      environment
        .write(() => table.put(key(4), key(4)))
        .catch((error: unknown) =>
          performance.now() < until ? new Promise(setImmediate).then(again) : Promise.reject(error as Error),
        );
    expect(environment.isFailing()).toBe(true);
    await again();
    expect(environment.isFailing()).toBe(false);
    expect(table.doesExist(key(4))).toBe(true);
    expect(table.doesExist(key(3))).toBe(false);
  });
});

describe('a disk that takes no flush', () => {
  let takesFlushes: boolean;
  let commit: GroupCommit;

  /** A commit of nothing flushes nothing, and comes through: as with LMDB. */
  function aRoot(): { readonly root: RootDatabase; readonly store: () => number } {
    let [last, isToFlush] = [0, false];
    const root = {
      getWriteTxnId: () => last + 1,
      env: { info: () => ({ lastTxnId: last }) },
      childTransaction: (work: () => unknown) => work(),
      transaction: async (work: () => unknown) => {
        isToFlush = false;
        const outcome = work();
        if (isToFlush && !takesFlushes) throw new Error('Input/output error');
        if (isToFlush) last += 1;
        return outcome;
      },
    };
    const store = (): number => {
      isToFlush = true;
      return last + 1;
    };
    return { root: root as unknown as RootDatabase, store };
  }

  beforeEach(() => {
    takesFlushes = true;
    const { root, store } = aRoot();
    const newest = { store, committed: () => undefined };
    commit = createGroupCommit(root, { commitMsMax: 1_000, translate: (error) => error, recount: () => undefined, newest });
  });

  it('is known from a write that failed until one has come through, whatever comes of writes of nothing', async () => {
    const write = (writesNothing: boolean): Promise<unknown> => commit.write(() => undefined, { writesNothing });
    await write(false);
    expect(commit.isFailing()).toBe(false);
    takesFlushes = false;
    await write(true);
    expect(commit.isFailing()).toBe(false); // nobody knows yet
    await expect(write(false)).rejects.toThrow('Input/output error');
    await write(true);
    expect(commit.isFailing()).toBe(true);
    takesFlushes = true;
    await write(false);
    expect(commit.isFailing()).toBe(false);
  });
});
