import type { Environment } from '@ringside/lmdb-environment';
import type { JsonObject } from '@ringside/core';
import {
  checkAppendSize,
  jsonText,
  pageRowsMax,
  type StreamAppend,
  type StreamAppendOutcome,
  type StreamEvent,
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
  repeated(append: StreamAppend): StreamAppendOutcome | undefined;
  /** Within a write transaction. */
  append(prepared: PreparedAppend): StreamAppendOutcome;
  read(stream: string, afterVersion: number): readonly StreamEvent[];
}

/** Everything of a stream lies together: its version, its commands with their results, its events in order. */
const part = { version: 0, command: 1, event: 2 } as const;

export function openStreams(environment: Environment): Streams {
  const table: Bytes = environment.table('streams');

  const repeated = ({ stream, commandId }: StreamAppend): StreamAppendOutcome | undefined => {
    const bytes = table.getBinaryFast(keyOf(stream, part.command, Buffer.from(commandId)));
    return bytes && { outcome: 'repeated', ...parseJson<{ version: number; result: JsonObject }>(bytes) };
  };
  const versionOf = (stream: string): number => {
    const bytes = table.getBinaryFast(keyOf(stream, part.version));
    return bytes === undefined ? 0 : parseJson<number>(bytes);
  };

  function append({ append, events, result }: PreparedAppend): StreamAppendOutcome {
    const { stream, expectedVersion, commandId } = append;
    const first = repeated(append);
    if (first !== undefined) return first;
    let version = versionOf(stream);
    if (version !== expectedVersion) return { outcome: 'conflict', version };
    for (const text of events) void table.put(eventKey(stream, ++version), Buffer.from(text));
    void table.put(keyOf(stream, part.version), Buffer.from(String(version)));
    const command = Buffer.from(`{"version":${version},"result":${result}}`);
    void table.put(keyOf(stream, part.command, Buffer.from(commandId)), command);
    return { outcome: 'appended', version };
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

  return { prepare, repeated, append, read };
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
