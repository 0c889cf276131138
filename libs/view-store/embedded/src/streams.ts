import type { Environment } from '@ringside/lmdb-environment';
import {
  checkAppendSize,
  jsonText,
  pageRowsMax,
  type StreamAppend,
  type StreamAppendOutcome,
  type StreamCommand,
  type StreamEvent,
  type StreamHead,
} from '@ringside/view-store';
import type { Database } from 'lmdb';

import { damagedValue } from './damaged-value.js';
import { partitionStart } from './row-key.js';
import { encodeJson, jsonOf } from './row-value.js';

type Bytes = Database<Buffer, Buffer>;

/** An append in the bytes that go to disk. Made before the transaction, so that the write lock is not held meanwhile. */
export interface PreparedAppend {
  readonly append: StreamAppend;
  readonly keys: { readonly version: Buffer; readonly fence: Buffer; readonly command: Buffer };
  readonly events: readonly { readonly key: Buffer; readonly bytes: Buffer }[];
  /** The command with its result. */
  readonly taken: Buffer;
}

export interface Streams {
  prepare(append: StreamAppend): PreparedAppend;
  /** What the command was answered the first time; undefined where it is new. */
  command(stream: string, commandId: string): StreamCommand | undefined;
  /** Within a write transaction. */
  append(prepared: PreparedAppend): StreamAppendOutcome;
  head(stream: string): StreamHead;
  /** Within a write transaction. */
  raiseFence(stream: string): StreamHead;
  read(stream: string, afterVersion: number): readonly StreamEvent[];
}

/**
 * Everything of a stream lies together: its version, its commands with their results, its events in order, its fence. A stream
 * whose fence was never raised has none.
 */
const part = { version: 0, command: 1, event: 2, fence: 3 } as const;

export function openStreams(environment: Environment): Streams {
  const table: Bytes = environment.table('streams');

  const commandAt = (key: Buffer): StreamCommand | undefined => {
    const bytes = table.getBinaryFast(key);
    return bytes && jsonOf<StreamCommand>(key, bytes);
  };
  const command = (stream: string, commandId: string): StreamCommand | undefined => commandAt(commandKey(stream, commandId));
  const numberAt = (key: Buffer): number => {
    const bytes = table.getBinaryFast(key);
    return bytes === undefined ? 0 : jsonOf<number>(key, bytes);
  };
  const head = (stream: string): StreamHead => ({
    version: numberAt(keyOf(stream, part.version)),
    fence: numberAt(keyOf(stream, part.fence)),
  });

  function append({ append, events, taken, keys }: PreparedAppend): StreamAppendOutcome {
    const { expectedVersion } = append;
    const first = commandAt(keys.command);
    if (first !== undefined) return { outcome: 'repeated', ...first };
    const current = numberAt(keys.version);
    if (current !== expectedVersion) return { outcome: 'conflict', version: current };
    const fence = numberAt(keys.fence);
    if (fence !== append.fence) return { outcome: 'fenced', version: current, fence };
    for (const { key, bytes } of events) void table.put(key, bytes);
    const version = expectedVersion + events.length;
    void table.put(keys.version, encodeJson(keys.version, String(version)));
    void table.put(keys.command, taken);
    return { outcome: 'appended', version };
  }

  function raiseFence(stream: string): StreamHead {
    const { version, fence } = head(stream);
    const key = keyOf(stream, part.fence);
    void table.put(key, encodeJson(key, String(fence + 1)));
    return { version, fence: fence + 1 };
  }

  function read(stream: string, afterVersion: number): readonly StreamEvent[] {
    const range = table.getRange({
      start: eventKey(stream, afterVersion),
      exclusiveStart: true,
      end: keyOf(stream, part.event + 1),
      limit: pageRowsMax,
    });
    const page = Array.from(range, ({ key, value }) => ({
      ...jsonOf<Omit<StreamEvent, 'version'>>(key, value),
      version: key.readUIntBE(key.length - versionBytes, versionBytes),
    }));
    requireWhole(stream, afterVersion, page);
    return page;
  }

  /** The events of a stream follow one another, up to its version: one that is missing was lost by the disk. */
  function requireWhole(stream: string, afterVersion: number, page: readonly StreamEvent[]): void {
    const isShort = page.length < pageRowsMax && afterVersion + page.length < head(stream).version;
    const gap = page.findIndex(({ version }, i) => version !== afterVersion + i + 1);
    if (gap >= 0 || isShort) throw damagedValue(eventKey(stream, afterVersion + (gap >= 0 ? gap : page.length) + 1));
  }

  return { prepare, command, append, head, raiseFence, read };
}

function prepare(append: StreamAppend): PreparedAppend {
  const { stream, expectedVersion, commandId } = append;
  const data = append.events.map((event) => jsonText('event data', event.data));
  const result = jsonText('result', append.result);
  checkAppendSize([result, ...data]);
  const command = commandKey(stream, commandId);
  return {
    append,
    keys: { version: keyOf(stream, part.version), fence: keyOf(stream, part.fence), command },
    events: append.events.map(({ id, type }, i) => {
      const key = eventKey(stream, expectedVersion + i + 1);
      const text = `{"id":${JSON.stringify(id)},"type":${JSON.stringify(type)},"data":${data[i]}}`;
      return { key, bytes: encodeJson(key, text) };
    }),
    taken: encodeJson(command, `{"version":${expectedVersion + append.events.length},"result":${result}}`),
  };
}

/** Enough for 2^48 events of one stream. */
const versionBytes = 6;

function eventKey(stream: string, version: number): Buffer {
  const bytes = Buffer.alloc(versionBytes);
  bytes.writeUIntBE(Math.min(version, 2 ** 48 - 1), 0, versionBytes);
  return keyOf(stream, part.event, bytes);
}

const commandKey = (stream: string, commandId: string): Buffer => keyOf(stream, part.command, Buffer.from(commandId));

const keyOf = (stream: string, kind: number, rest?: Buffer): Buffer =>
  Buffer.concat([partitionStart(stream), Buffer.of(kind), ...(rest === undefined ? [] : [rest])]);
