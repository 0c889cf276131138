import { expect } from '@jest/globals';
import type { NewStreamEvent, StreamAppend, StreamEvent } from '@ringside/view-store';

import { type DeclareCase, type Stage } from './stage.js';

const eventOf = (id: string): NewStreamEvent => ({ id, type: 'NoteAdded', data: { text: `note ${id} é😀`, list: [1, null] } });

/** A command of so many events, under the first fence. */
export const command = (stream: string, commandId: string, expectedVersion: number, events = 1): StreamAppend => ({
  stream,
  expectedVersion,
  fence: 0,
  commandId,
  events: Array.from({ length: events }, (_, i) => eventOf(`${commandId}-${i}`)),
  result: { answeredTo: commandId },
});

export async function readAll({ other }: Stage, stream: string): Promise<readonly StreamEvent[]> {
  const read: StreamEvent[] = [];
  for (;;) {
    const events = await other.readStream(stream, read.length);
    if (events.length === 0) return read;
    read.push(...events);
  }
}

export const versions = (events: readonly StreamEvent[]): readonly number[] => events.map(({ version }) => version);

export function streamCases(declare: DeclareCase): void {
  declare('events are read as they were appended, numbered from 1', async (stage) => {
    const stream = stage.name('stream');
    expect(await stage.store.readStream(stream)).toEqual([]);
    expect(await stage.store.appendToStream(command(stream, 'a', 0, 2))).toEqual({ outcome: 'appended', version: 2 });
    expect(await stage.other.appendToStream(command(stream, 'b', 2))).toEqual({ outcome: 'appended', version: 3 });
    const expected = ['a-0', 'a-1', 'b-0'].map((id, i) => ({ ...eventOf(id), version: i + 1 }));
    expect(await stage.store.readStream(stream)).toEqual(expected);
    expect(await stage.store.readStream(stream, 1)).toEqual(expected.slice(1));
    expect(await stage.store.readStream(stream, 3)).toEqual([]);
    expect(await stage.store.readStream(stream, 99)).toEqual([]);
  });

  declare('another version than the expected one is a conflict, and nothing is stored', async (stage) => {
    const stream = stage.name('stream');
    expect(await stage.store.appendToStream(command(stream, 'early', 1))).toEqual({ outcome: 'conflict', version: 0 });
    await stage.store.appendToStream(command(stream, 'a', 0, 3));
    for (const expectedVersion of [0, 2, 4]) {
      const append = command(stream, `late-${expectedVersion}`, expectedVersion);
      expect(await stage.other.appendToStream(append)).toEqual({ outcome: 'conflict', version: 3 });
    }
    expect(versions(await readAll(stage, stream))).toEqual([1, 2, 3]);
    expect(await stage.store.appendToStream(command(stream, 'late-2', 3))).toEqual({ outcome: 'appended', version: 4 });
  });

  declare('a repeated command answers its first result, even where the expected version is stale', async (stage) => {
    const stream = stage.name('stream');
    const first = command(stream, 'a', 0, 2);
    await stage.store.appendToStream(first);
    await stage.store.appendToStream(command(stream, 'b', 2));
    const repeated = { outcome: 'repeated', version: 2, result: { answeredTo: 'a' } };
    expect(await stage.store.appendToStream(first)).toEqual(repeated);
    const otherwise = { ...command(stream, 'a', 3), result: { answeredTo: 'something else' } };
    expect(await stage.other.appendToStream(otherwise)).toEqual(repeated);
    expect(versions(await readAll(stage, stream))).toEqual([1, 2, 3]);
  });

  declare('a command id belongs to its stream', async (stage) => {
    const [one, two] = [stage.name('stream'), stage.name('stream')];
    for (const stream of [one, two]) {
      expect(await stage.store.appendToStream(command(stream, 'a', 0))).toEqual({ outcome: 'appended', version: 1 });
    }
    expect(await stage.store.readStream(`${one}\u0000`)).toEqual([]);
    expect(await readAll(stage, one)).toHaveLength(1);
  });

  declare('an append of no event keeps the result and leaves the version', async (stage) => {
    const stream = stage.name('stream');
    expect(await stage.store.appendToStream(command(stream, 'nothing', 0, 0))).toEqual({ outcome: 'appended', version: 0 });
    expect(await stage.store.appendToStream(command(stream, 'a', 0))).toEqual({ outcome: 'appended', version: 1 });
    const repeated = await stage.store.appendToStream(command(stream, 'nothing', 0, 0));
    expect(repeated).toEqual({ outcome: 'repeated', version: 0, result: { answeredTo: 'nothing' } });
    expect(await stage.store.appendToStream(command(stream, 'stale', 0, 0))).toEqual({ outcome: 'conflict', version: 1 });
    expect(versions(await readAll(stage, stream))).toEqual([1]);
  });

  declare('of 20 appends at one version exactly one wins', async (stage) => {
    const stream = stage.name('stream');
    for (let version = 0; version < 5; version++) {
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          (i % 2 === 0 ? stage.store : stage.other).appendToStream(command(stream, `${version}-${i}`, version)),
        ),
      );
      const won = outcomes.filter(({ outcome }) => outcome === 'appended');
      expect(won).toEqual([{ outcome: 'appended', version: version + 1 }]);
      expect(outcomes.filter(({ outcome }) => outcome === 'conflict')).toHaveLength(19);
    }
    const events = await readAll(stage, stream);
    expect(versions(events)).toEqual([1, 2, 3, 4, 5]);
  });

  declare('of 20 sendings of one command at once one is taken, and all name its version and result', async (stage) => {
    const stream = stage.name('stream');
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        (i % 2 === 0 ? stage.store : stage.other).appendToStream(command(stream, 'once', 0, 2)),
      ),
    );
    expect(outcomes.filter(({ outcome }) => outcome === 'appended')).toEqual([{ outcome: 'appended', version: 2 }]);
    const repeated = { outcome: 'repeated', version: 2, result: { answeredTo: 'once' } };
    expect(outcomes.filter(({ outcome }) => outcome === 'repeated')).toEqual(Array(19).fill(repeated));
    expect(versions(await readAll(stage, stream))).toEqual([1, 2]);
  });

  declare('a long stream is read 1,000 events at a time, without gaps', async (stage) => {
    const stream = stage.name('stream');
    for (let i = 0; i < 11; i++) await stage.store.appendToStream(command(stream, `c${i}`, i * 100, 100));
    const first = await stage.store.readStream(stream);
    expect(versions(first)).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1));
    expect(versions(await readAll(stage, stream))).toEqual(Array.from({ length: 1100 }, (_, i) => i + 1));
  });
}
