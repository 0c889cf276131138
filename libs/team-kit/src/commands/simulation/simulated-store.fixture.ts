import type { JsonObject, RowKey } from '@ringside/core';
import {
  pageRowsMax,
  type Row,
  type RowWrite,
  type StreamAppend,
  type StreamAppendOutcome,
  type StreamCommand,
  type StreamEvent,
  type StreamHead,
  type ViewStore,
} from '@ringside/view-store';

import { intentsTable } from '../intents.js';
import { publicationsTable } from '../publications.js';
import type { World } from './world.fixture.js';

export interface SimulatedStream extends StreamHead {
  readonly events: readonly StreamEvent[];
  readonly commands: ReadonlyMap<string, StreamCommand>;
}

export interface StoreContent {
  /** By table, partition and key. Deletions stay. */
  readonly rows: Map<string, RowWrite>;
  readonly streams: Map<string, SimulatedStream>;
}

export const emptyStore = (): StoreContent => ({ rows: new Map(), streams: new Map() });

/** How the store, or what is done with it, is broken, to see that it is noticed. */
export type StoreBug =
  /** As if the condition on the fence were missing. */
  | 'no fence'
  /** As if the relay did not raise it. */
  | 'no raise'
  /** As if nobody wrote an intent. */
  | 'no intent'
  /** As if the events were published first, and stored then. */
  | 'answers before it stores'
  /** As if the mark were set ahead of publishing. */
  | 'mark ahead'
  /** As if a command's row were not asked for. */
  | 'forgets commands';

const beginning: SimulatedStream = { version: 0, fence: 0, events: [], commands: new Map() };

export const streamIn = ({ streams }: StoreContent, stream: string): SimulatedStream => streams.get(stream) ?? beginning;

const nameOf = ({ table, partition, key }: RowKey): string => `${table}\0${partition}\0${key}`;

function storeRow({ rows }: StoreContent, write: RowWrite): void {
  const before = rows.get(nameOf(write));
  if (before === undefined || before.timestamp < write.timestamp) rows.set(nameOf(write), write);
}

export const rowsIn = ({ rows }: StoreContent, table: string, partition?: string): readonly Row[] =>
  [...rows.values()]
    .filter((row) => row.table === table && (partition === undefined || row.partition === partition))
    .flatMap((row) => (row.kind === 'put' ? [row] : []))
    .sort((a, b) => (a.key < b.key ? -1 : 1));

function append(content: StoreContent, request: StreamAppend, bug: StoreBug | undefined): StreamAppendOutcome {
  const { stream, expectedVersion, fence, commandId, events, result } = request;
  const before = streamIn(content, stream);
  const taken = before.commands.get(commandId);
  if (taken !== undefined && bug !== 'forgets commands') return { outcome: 'repeated', ...taken };
  if (before.version !== expectedVersion) return { outcome: 'conflict', version: before.version };
  if (before.fence !== fence && bug !== 'no fence') return { outcome: 'fenced', version: before.version, fence: before.fence };
  const version = before.version + events.length;
  content.streams.set(stream, {
    ...{ version, fence: before.fence },
    events: [...before.events, ...events.map((event, i) => ({ ...event, version: before.version + i + 1 }))],
    commands: new Map([...before.commands, [commandId, { version, result: result as JsonObject }]]),
  });
  return { outcome: 'appended', version };
}

/** A process's client of the store. Rows of one write come each by itself where nobody hears of it. */
export function simulatedStore(world: World, process: object, content: StoreContent, bug?: StoreBug): ViewStore {
  const read = <T>(answer: () => T): Promise<T> => world.call(process, 'view-store', answer);
  const change = <T>(effect: () => T): Promise<T> => {
    let outcome: T;
    const parts = [() => void (outcome = effect())];
    return world.call(process, 'view-store', () => outcome, { parts, inOrder: false });
  };
  let asked: Promise<void> | undefined;
  const store: Partial<ViewStore> = {
    get: (key) =>
      read(() => {
        if (key.table === publicationsTable && bug === 'mark ahead') {
          return { partition: key.partition, key: key.key, value: {}, timestamp: streamIn(content, key.partition).version };
        }
        return rowsIn(content, key.table, key.partition).find((row) => row.key === key.key);
      }),
    // Pages asked for at once are answered at once: their order tells nothing, and would multiply the ways to search.
    page: async (table, partition) => {
      await (asked ??= read(() => undefined).finally(() => (asked = undefined)));
      return rowsIn(content, table, partition);
    },
    write: (writes) => {
      const kept = bug === 'no intent' ? writes.filter(({ table }) => table !== intentsTable) : writes;
      const parts = kept.map((write) => () => storeRow(content, write));
      return world.call(process, 'view-store', () => ({ outcome: 'written' }) as const, { parts, inOrder: false });
    },
    appendToStream: (request) => {
      if (bug === 'answers before it stores') {
        const outcome = append({ rows: content.rows, streams: new Map(content.streams) }, request, bug);
        change(() => append(content, request, bug)).catch(() => undefined);
        return Promise.resolve(outcome);
      }
      return change(() => append(content, request, bug));
    },
    streamHead: (stream) =>
      read(() => ({ version: streamIn(content, stream).version, fence: streamIn(content, stream).fence })),
    streamCommand: (stream, commandId) =>
      read(() => (bug === 'forgets commands' ? undefined : streamIn(content, stream).commands.get(commandId))),
    readStream: (stream, after = 0) => read(() => streamIn(content, stream).events.slice(after, after + pageRowsMax)),
    raiseFence: async (stream) => {
      const { fence: before } = await read(() => streamIn(content, stream));
      await change(() => {
        const found = streamIn(content, stream);
        if (found.fence === before && bug !== 'no raise') content.streams.set(stream, { ...found, fence: before + 1 });
      });
      return read(() => ({ version: streamIn(content, stream).version, fence: streamIn(content, stream).fence }));
    },
  };
  return store as ViewStore;
}
