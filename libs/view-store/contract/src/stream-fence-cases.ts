import { expect } from '@jest/globals';

import type { DeclareCase } from './stage.js';
import { command, readAll, versions } from './stream-cases.js';

export function streamFenceCases(declare: DeclareCase): void {
  declare('a stream that does not exist has neither version nor fence nor commands', async ({ store, name }) => {
    const stream = name('stream');
    expect(await store.streamHead(stream)).toEqual({ version: 0, fence: 0 });
    expect(await store.streamCommand(stream, 'a')).toBeUndefined();
  });

  declare('the head follows the appends, and a command is found by its id', async ({ store, other, name }) => {
    const stream = name('stream');
    await store.appendToStream(command(stream, 'a', 0, 2));
    await store.appendToStream(command(stream, 'b', 2, 0));
    expect(await other.streamHead(stream)).toEqual({ version: 2, fence: 0 });
    expect(await other.streamCommand(stream, 'a')).toEqual({ version: 2, result: { answeredTo: 'a' } });
    expect(await other.streamCommand(stream, 'b')).toEqual({ version: 2, result: { answeredTo: 'b' } });
    expect(await other.streamCommand(stream, 'c')).toBeUndefined();
    expect(await other.streamCommand(name('stream'), 'a')).toBeUndefined();
  });

  declare('an append that was prepared before the fence was raised fails, and leaves nothing', async (stage) => {
    const { store, other } = stage;
    const stream = stage.name('stream');
    await store.appendToStream(command(stream, 'a', 0));
    expect(await other.raiseFence(stream)).toEqual({ version: 1, fence: 1 });
    const delayed = command(stream, 'b', 1);
    expect(await store.appendToStream(delayed)).toEqual({ outcome: 'fenced', version: 1, fence: 1 });
    expect(await store.streamCommand(stream, 'b')).toBeUndefined();
    expect(versions(await readAll(stage, stream))).toEqual([1]);
    expect(await store.appendToStream({ ...delayed, fence: 1 })).toEqual({ outcome: 'appended', version: 2 });
    expect(await other.streamHead(stream)).toEqual({ version: 2, fence: 1 });
  });

  declare('a fence above the stored one is as wrong as one below', async ({ store, name }) => {
    const stream = name('stream');
    expect(await store.appendToStream({ ...command(stream, 'a', 0), fence: 1 })).toEqual({
      outcome: 'fenced',
      version: 0,
      fence: 0,
    });
    expect(await store.readStream(stream)).toEqual([]);
  });

  declare('the fence of a stream without events keeps the first append out', async ({ store, other, name }) => {
    const stream = name('stream');
    expect(await other.raiseFence(stream)).toEqual({ version: 0, fence: 1 });
    expect(await store.streamHead(stream)).toEqual({ version: 0, fence: 1 });
    expect(await store.appendToStream(command(stream, 'a', 0))).toEqual({ outcome: 'fenced', version: 0, fence: 1 });
    expect(await store.readStream(stream)).toEqual([]);
    expect(await store.appendToStream({ ...command(stream, 'a', 0), fence: 1 })).toEqual({ outcome: 'appended', version: 1 });
  });

  declare('a repeated command answers its first result under any fence, and a stale version comes first', async (stage) => {
    const { store, other } = stage;
    const stream = stage.name('stream');
    await store.appendToStream(command(stream, 'a', 0, 2));
    await other.raiseFence(stream);
    const repeated = { outcome: 'repeated', version: 2, result: { answeredTo: 'a' } };
    for (const fence of [0, 1, 7]) expect(await store.appendToStream({ ...command(stream, 'a', 0), fence })).toEqual(repeated);
    expect(await store.appendToStream(command(stream, 'b', 1))).toEqual({ outcome: 'conflict', version: 2 });
    expect(versions(await readAll(stage, stream))).toEqual([1, 2]);
  });

  declare('a fence belongs to its stream', async ({ store, name }) => {
    const [raised, untouched] = [name('stream'), name('stream')];
    await store.raiseFence(raised);
    expect(await store.streamHead(untouched)).toEqual({ version: 0, fence: 0 });
    expect(await store.appendToStream(command(untouched, 'a', 0))).toEqual({ outcome: 'appended', version: 1 });
  });

  declare('of 20 raises at once each answers with a fence that only rises', async (stage) => {
    const stream = stage.name('stream');
    await stage.store.appendToStream(command(stream, 'a', 0));
    const raises = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? stage.store : stage.other).raiseFence(stream));
    const heads = await Promise.all(raises);
    for (const { version, fence } of heads) {
      expect(version).toBe(1);
      expect(fence).toBeGreaterThan(0);
    }
    const { fence } = await stage.store.streamHead(stream);
    expect(fence).toBe(Math.max(...heads.map((head) => head.fence)));
    expect(await stage.store.appendToStream({ ...command(stream, 'b', 1), fence })).toEqual({
      outcome: 'appended',
      version: 2,
    });
  });

  declare('what an answered raise does not show never comes, unless prepared under the fence of its answer', async (stage) => {
    const { store, other } = stage;
    for (let round = 0; round < 10; round++) {
      const stream = stage.name('stream');
      const appends = Array.from({ length: 5 }, (_, i) => store.appendToStream(command(stream, `c${i}`, i)));
      const { version } = await other.raiseFence(stream);
      const outcomes = await Promise.all(appends);
      const stored = outcomes.filter(({ outcome }) => outcome === 'appended').length;
      expect(stored).toBeLessThanOrEqual(version);
      expect(await store.streamHead(stream)).toEqual({ version: stored, fence: 1 });
    }
  });
}
