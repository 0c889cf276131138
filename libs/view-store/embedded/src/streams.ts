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

import { partitionStart } from './row-key.js';
import { parseJson } from './row-value.js';

type Bytes = Database<Buffer, Buffer>;

/** An append in the text that goes to disk. */
export interface PreparedAppend {
  readonly append: StreamAppend;
  readonly events: readonly string[];
  readonly result: string;
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

  const command = (stream: string, commandId: string): StreamCommand | undefined => {
    const bytes = table.getBinaryFast(keyOf(stream, part.command, Buffer.from(commandId)));
    return bytes && parseJson<StreamCommand>(bytes);
  };
  const numberAt = (key: Buffer): number => {
    const bytes = table.getBinaryFast(key);
    return bytes === undefined ? 0 : parseJson<number>(bytes);
  };
  const head = (stream: string): StreamHead => ({
    version: numberAt(keyOf(stream, part.version)),
    fence: numberAt(keyOf(stream, part.fence)),
  });

  function append({ append, events, result }: PreparedAppend): StreamAppendOutcome {
    const { stream, expectedVersion, commandId } = append;
    const first = command(stream, commandId);
    if (first !== undefined) return { outcome: 'repeated', ...first };
    const { version: current, fence } = head(stream);
    if (current !== expectedVersion) return { outcome: 'conflict', version: current };
    if (fence !== append.fence) return { outcome: 'fenced', version: current, fence };
    let version = current;
    for (const text of events) void table.put(eventKey(stream, ++version), Buffer.from(text));
    void table.put(keyOf(stream, part.version), Buffer.from(String(version)));
    const taken = Buffer.from(`{"version":${version},"result":${result}}`);
    void table.put(keyOf(stream, part.command, Buffer.from(commandId)), taken);
    return { outcome: 'appended', version };
  }

  function raiseFence(stream: string): StreamHead {
    const { version, fence } = head(stream);
    void table.put(keyOf(stream, part.fence), Buffer.from(String(fence + 1)));
    return { version, fence: fence + 1 };
  }

  function read(stream: string, afterVersion: number): readonly StreamEvent[] {
    const range = table.getRange({
      start: eventKey(stream, afterVersion),
      exclusiveStart: true,
      end: keyOf(stream, part.event + 1),
      limit: pageRowsMax,
    });
    return Array.from(range, ({ key, value }) => ({
      ...parseJson<Omit<StreamEvent, 'version'>>(value),
      version: key.readUIntBE(key.length - versionBytes, versionBytes),
    }));
  }

  return { prepare, command, append, head, raiseFence, read };
}

function prepare(append: StreamAppend): PreparedAppend {
  const data = append.events.map((event) => jsonText('event data', event.data));
  const result = jsonText('result', append.result);
  checkAppendSize([result, ...data]);
  const events = append.events.map(
    ({ id, type }, i) => `{"id":${JSON.stringify(id)},"type":${JSON.stringify(type)},"data":${data[i]}}`,
  );
  return { append, events, result };
}

/** Enough for 2^48 events of one stream. */
const versionBytes = 6;

function eventKey(stream: string, version: number): Buffer {
  const bytes = Buffer.alloc(versionBytes);
  bytes.writeUIntBE(Math.min(version, 2 ** 48 - 1), 0, versionBytes);
  return keyOf(stream, part.event, bytes);
}

const keyOf = (stream: string, kind: number, rest?: Buffer): Buffer =>
  Buffer.concat([partitionStart(stream), Buffer.of(kind), ...(rest === undefined ? [] : [rest])]);
