import { describe, expect, it } from '@jest/globals';
import { randomOf } from '@ringside/random';

import { Disk, losses, type Image, type Loss } from './disk.js';
import type { DiskOperation } from './trace.js';

const made: readonly DiskOperation[] = [
  { kind: 'make', path: '/d/file', directory: false },
  { kind: 'sync', path: '/d', since: 1 },
];
const write = (offset: number, text: string, durable = false): DiskOperation => ({
  ...{ kind: 'write', path: '/d/file', offset, durable },
  bytes: Buffer.from(text),
});
const syncFile = (since: number): DiskOperation => ({ kind: 'sync', path: '/d/file', since });

function after(operations: readonly DiskOperation[], loss: Loss, seed = 1): Image {
  const disk = new Disk('/d');
  for (const operation of operations) disk.apply(operation);
  return disk.image(loss, randomOf(seed));
}

const textAfter = (operations: readonly DiskOperation[], loss: Loss, seed = 1): string | undefined =>
  after(operations, loss, seed).get('/d/file')?.toString();

describe('a disk that loses its power', () => {
  it('keeps what was synced, whatever becomes of the rest', () => {
    for (const loss of losses) expect(textAfter([...made, write(0, 'safe'), syncFile(3)], loss)).toBe('safe');
  });

  it('may keep nothing that was not', () => {
    expect(textAfter([...made, write(0, 'lost')], 'none of them')).toBe('');
    expect(textAfter([...made, write(0, 'left')], 'all of them')).toBe('left');
  });

  it('does not count a sync for what was written after it had begun', () => {
    expect(textAfter([...made, write(0, 'late'), syncFile(2)], 'none of them')).toBe('');
  });

  it('keeps at once what is written durably, and lets no earlier write come over it', () => {
    const operations = [...made, write(0, 'earlier'), write(2, 'NEW', true)];
    expect(textAfter(operations, 'none of them')).toBe('\0\0NEW');
    expect(textAfter(operations, 'all of them')).toBe('eaNEWer');
  });

  it('tears a write between sectors, and nowhere else', () => {
    const operations = [...made, write(0, 'x'.repeat(1_536))];
    const seen = new Set<string>();
    for (let seed = 0; seed < 60; seed++) {
      const text = textAfter(operations, 'any of them', seed)!;
      for (let sector = 0; sector < text.length / 512; sector++) seen.add(text.slice(sector * 512, (sector + 1) * 512));
    }
    expect([...seen].sort()).toEqual(['\0'.repeat(512), 'x'.repeat(512)]);
  });

  it('never has a later write of one sector without the earlier one', () => {
    const operations = [...made, write(0, 'ab'), write(1, 'c')];
    const seen = new Set(Array.from({ length: 60 }, (_, seed) => textAfter(operations, 'any of them', seed)));
    expect([...seen].sort()).toEqual(['', 'ab', 'ac']);
  });

  it('forgets a file whose name was not synced, with all that is in it', () => {
    const operations: readonly DiskOperation[] = [made[0]!, write(0, 'safe'), syncFile(2)];
    expect(after(operations, 'none of them').size).toBe(0);
    expect(textAfter(operations, 'all of them')).toBe('safe');
  });

  it('forgets a file in a directory whose own name was not synced', () => {
    const operations: readonly DiskOperation[] = [
      { kind: 'make', path: '/d/in', directory: true },
      { kind: 'make', path: '/d/in/file', directory: false },
      { kind: 'sync', path: '/d/in', since: 2 },
    ];
    expect(after(operations, 'none of them').size).toBe(0);
    expect([...after([...operations, { kind: 'sync', path: '/d', since: 3 }], 'none of them').keys()]).toEqual(['/d/in/file']);
  });

  it('has a renamed file under either name, until the directory is synced', () => {
    const renamed: readonly DiskOperation[] = [
      ...made,
      write(0, 'a', true),
      { kind: 'rename', from: '/d/file', to: '/d/other' },
    ];
    expect([...after(renamed, 'none of them').keys()]).toEqual(['/d/file']);
    expect([...after(renamed, 'all of them').keys()]).toEqual(['/d/other']);
    expect([...after([...renamed, { kind: 'sync', path: '/d', since: 4 }], 'none of them').keys()]).toEqual(['/d/other']);
  });
});
