import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type CursorFile, type CursorRow, openCursorFile } from './cursor-file.js';
import { beat, type Held, leave, type LeaseChanges, type Member, shareOf } from './lease.js';

const leaseMs = 3_000;
const nothing = new Set<number>();
let directory: string;
let file: CursorFile;
let now: number;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ringside-lease-'));
  file = await openCursorFile(directory, 10_000);
  now = 1_000_000;
  await file.environment.write(() => {
    for (const partition of [0, 1]) {
      file.cursors.put(['topic', 'team', partition], { next: 0, epoch: 0, owner: null, expiresAt: 0 });
    }
  });
});

afterEach(async () => {
  await file.environment.close();
  rmSync(directory, { recursive: true, force: true });
});

const member = (id: string): Member => ({ id, topic: 'topic', subscription: 'team', partitions: 2, held: new Map() });
const rowOf = (partition: number): CursorRow => file.cursors.get(['topic', 'team', partition])!;

/** A heartbeat, and what the member then holds. */
async function beatOf(who: Member, giveBack: ReadonlySet<number> = nothing): Promise<LeaseChanges> {
  const changes = await file.environment.write(() => beat(file, who, { now, leaseMs }, giveBack));
  for (const partition of changes.lost) who.held.delete(partition);
  for (const { partition, row } of changes.gained) {
    const held: Held = { assignment: 1, epoch: row.epoch, next: row.next, acknowledged: row.next, flushed: row.next };
    who.held.set(partition, held);
  }
  return changes;
}

const heldBy = (who: Member): readonly number[] => [...who.held.keys()].sort();

describe('the share of a member', () => {
  it.each([1, 2, 3, 5, 9])('with the others of %i covers every partition once', (members) => {
    const names = Array.from({ length: members }, (_, i) => `member-${i}`);
    const shares = names.flatMap((name) => [...shareOf(name, [...names].reverse(), 7)]);
    expect(shares.sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('is nothing for who is not among them', () => {
    expect(shareOf('stranger', ['a', 'b'], 4).size).toBe(0);
  });
});

describe('a lease', () => {
  it('is renewed by its owner, and not taken by another before it expires', async () => {
    const [first, second] = [member('b-first'), member('a-second')];
    await beatOf(first);
    expect(heldBy(first)).toEqual([0, 1]);
    const taken = [rowOf(0), rowOf(1)];
    for (let beats = 0; beats < 3; beats++) {
      now += leaseMs - 1;
      await beatOf(first);
    }
    await beatOf(second);
    expect(heldBy(second)).toEqual([]);
    expect([rowOf(0), rowOf(1)]).toEqual(taken); // that it lives is all that was written
  });

  it('is free as soon as its owner is not heard of, however late its last acknowledgement was', async () => {
    const [first, second] = [member('b-first'), member('a-second')];
    await beatOf(first);
    now += leaseMs - 1;
    await beatOf(first);
    now += leaseMs - 1;
    await beatOf(second);
    expect(heldBy(second)).toEqual([]);
    now += 2;
    await beatOf(second);
    expect(heldBy(second)).toEqual([0, 1]);
  });

  it('is given back when it is named, and taken by the member whose share it is', async () => {
    const [first, second] = [member('b-first'), member('a-second')];
    await beatOf(first);
    await beatOf(second);
    first.held.get(0)!.acknowledged = 5;
    await beatOf(first, new Set([0, 1])); // partition 1 is its share still: it stays
    await beatOf(second);
    expect([heldBy(first), heldBy(second)]).toEqual([[1], [0]]);
    expect(second.held.get(0)).toMatchObject({ next: 5 });
  });

  it('that expired goes to another, and its old owner can move nothing and learns of it', async () => {
    const [first, second] = [member('first'), member('second')];
    await beatOf(first);
    now += leaseMs + 1;
    await beatOf(second);
    expect(heldBy(second)).toEqual([0, 1]);
    for (const held of first.held.values()) held.acknowledged = 99;
    await file.environment.write(() => leave(file, { ...first, held: new Map(first.held) }));
    expect([rowOf(0).next, rowOf(1).next]).toEqual([0, 0]);
    const { lost } = await beatOf(first);
    expect(lost).toEqual([0, 1]);
    expect([rowOf(0), rowOf(1)]).toMatchObject([
      { next: 0, owner: 'second' },
      { next: 0, owner: 'second' },
    ]);
  });

  it('that its owner got again meanwhile is not moved by what it acknowledged before', async () => {
    const first = member('first');
    await beatOf(first);
    const before = { ...first.held.get(0)!, acknowledged: 99 };
    const row = rowOf(0);
    await file.environment.write(() => file.cursors.put(['topic', 'team', 0], { ...row, next: 3, epoch: row.epoch + 1 }));
    first.held.set(0, before);
    const { gained } = await beatOf(first);
    expect(gained.map(({ partition }) => partition)).toEqual([0]);
    expect(rowOf(0)).toMatchObject({ next: 3, owner: 'first', epoch: row.epoch + 2 });
  });

  it('and a member from a clock that ran far ahead do not last for ever', async () => {
    const [first, second] = [member('first'), member('second')];
    now += 86_400_000;
    await beatOf(first);
    now -= 86_400_000;
    await beatOf(second);
    expect(heldBy(second)).toEqual([0, 1]);
  });
});
