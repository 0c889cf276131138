import { beforeEach, describe, expect, it } from '@jest/globals';
import { UnavailableError } from '@ringside/core';
import type { RowWrite, ViewStore } from '@ringside/view-store';

import { Intents } from './intents.js';

let writes: (readonly RowWrite[])[];
let away: boolean;
let intents: Intents;

const mark: RowWrite = { kind: 'put', table: 'marks', partition: 'case-a', key: 'published', timestamp: 1, value: {} };

beforeEach(() => {
  writes = [];
  away = false;
  const store: Pick<ViewStore, 'write'> = {
    write: async (rows) => {
      writes.push(rows);
      if (away) throw new UnavailableError('view-store', 'away');
      return { outcome: 'written' };
    },
  };
  intents = new Intents(store as ViewStore);
});

const shapes = (): readonly (readonly string[])[] => writes.map((rows) => rows.map(({ kind, table }) => `${kind} ${table}`));

describe('the intents of a process', () => {
  it('that are declared in one turn are one write, each in a row of its own', async () => {
    const declared = await Promise.all(['case-a', 'case-b', 'case-c'].map((stream) => intents.declare(stream)));
    expect(declared.map(({ stream }) => stream)).toEqual(['case-a', 'case-b', 'case-c']);
    expect(new Set(declared.map(({ key }) => key)).size).toBe(3);
    expect(shapes()).toEqual([Array(3).fill('put case_intents')]);
  });

  it('that are dropped are deleted, and their rows used again under higher timestamps', async () => {
    const first = await intents.declare('case-a');
    await intents.drop(first, [mark]);
    const second = await intents.declare('case-b');
    expect(shapes()).toEqual([['put case_intents'], ['put marks', 'delete case_intents'], ['put case_intents']]);
    expect(second).toEqual({ ...first, stream: 'case-b', timestamp: first.timestamp + 2 });
  });

  it('that are dropped while others are declared give them their rows: a deletion of the one before comes too late', async () => {
    const [first, other] = await Promise.all([intents.declare('case-a'), intents.declare('case-b')]);
    const [second] = await Promise.all([intents.declare('case-c'), intents.drop(first, [mark]), intents.drop(other, [])]);
    expect(shapes().slice(1)).toEqual([['put case_intents'], ['put marks', 'delete case_intents']]);
    expect(second).toEqual({ ...first, stream: 'case-c', timestamp: first.timestamp + 2 });
    expect(writes[2]![1]).toMatchObject({ key: other.key, timestamp: other.timestamp + 1 });
  });

  it('of an unknown outcome are nobody else’s row', async () => {
    const first = await intents.declare('case-a');
    away = true;
    const drop = intents.drop(first, [mark]);
    await expect(Promise.all([intents.declare('case-b'), drop])).rejects.toThrow('away');
    await expect(drop).rejects.toThrow('away');
    away = false;
    expect((await intents.declare('case-c')).key).not.toBe(first.key);
  });

  it('with a name that no store takes are refused alone', async () => {
    const [bad, good] = await Promise.allSettled([intents.declare('x'.repeat(1_000)), intents.declare('case-a')]);
    expect(bad.status).toBe('rejected');
    expect(good).toMatchObject({ status: 'fulfilled', value: { stream: 'case-a' } });
  });
});
