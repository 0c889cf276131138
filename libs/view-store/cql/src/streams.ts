import { type JsonObject, UnavailableError, uuidv7 } from '@ringside/core';
import {
  checkAppendSize,
  jsonText,
  pageRowsMax,
  type StreamAppend,
  type StreamAppendOutcome,
  type StreamEvent,
} from '@ringside/view-store';

import type { turns } from './concurrently.js';
import { ownTables, qualified } from './ddl.js';
import type { Session, Statement } from './session.js';

export interface Streams {
  append(append: StreamAppend): Promise<StreamAppendOutcome>;
  read(stream: string, afterVersion: number): Promise<readonly StreamEvent[]>;
}

/** The rows of a stream: its commands by their id, and its events by their version. */
const kind = { command: 0, event: 1 } as const;

/**
 * A stream is one partition, and an append one conditional batch in it: events, the command with its result, and the version
 * (a static column), on the condition that the version is the expected one and the command is new.
 */
export function openStreams(keyspace: string, session: Session, inTurn: ReturnType<typeof turns>): Streams {
  const table = qualified(keyspace, ownTables.streams);
  const columns = 'stream, kind, number, id';

  async function append(append: StreamAppend): Promise<StreamAppendOutcome> {
    const attempt = uuidv7();
    const statements = appendStatements(append, attempt);
    return inTurn(`stream ${append.stream}`, async () => {
      let unknown: unknown;
      try {
        const version = append.expectedVersion + append.events.length;
        if ((await session.transact(statements)).applied) return { outcome: 'appended', version };
      } catch (error) {
        if (!(error instanceof UnavailableError)) throw error;
        unknown = error;
      }
      const found = await outcomeOf(append, attempt);
      // Still at the expected version, the append may yet be applied: only sending it again, with its command's id, will tell.
      if (found === undefined) throw unknown ?? new UnavailableError('view-store', 'The append was refused without a reason.');
      return found;
    });
  }

  function appendStatements(
    { stream, expectedVersion, commandId, events, result }: StreamAppend,
    attempt: string,
  ): Statement[] {
    const version = expectedVersion + events.length;
    const body = jsonText('result', result);
    const bodies = events.map(({ data }) => jsonText('event data', data));
    checkAppendSize([body, ...bodies]);
    return [
      {
        query: `UPDATE ${table} SET version = ? WHERE stream = ? IF version = ?`,
        params: [versionParam(version), stream, versionParam(expectedVersion)],
      },
      {
        query: `INSERT INTO ${table} (${columns}, body, led_to, attempt) VALUES (?, ?, ?, ?, ?, ?, ?) IF NOT EXISTS`,
        params: [stream, kind.command, 0n, commandId, body, BigInt(version), attempt],
      },
      ...events.map(({ id, type }, i) => ({
        query: `INSERT INTO ${table} (${columns}, type, body) VALUES (?, ?, ?, ?, ?, ?)`,
        params: [stream, kind.event, BigInt(expectedVersion + i + 1), id, type, bodies[i]],
      })),
    ];
  }

  /** What became of an append, read behind all transactions under way; undefined where nothing is decided yet. */
  async function outcomeOf(append: StreamAppend, attempt: string): Promise<StreamAppendOutcome | undefined> {
    const { stream, commandId, expectedVersion } = append;
    const command = {
      query: `SELECT body, led_to, attempt FROM ${table} WHERE stream = ? AND kind = ? AND number = ? AND id = ?`,
      params: [stream, kind.command, 0n, commandId],
    };
    const [taken] = await session.read(command, { serial: true });
    if (taken !== undefined) {
      const version = Number(taken.get('led_to'));
      if (taken.get('attempt') === attempt) return { outcome: 'appended', version };
      return { outcome: 'repeated', version, result: JSON.parse(taken.get('body') as string) as JsonObject };
    }
    const query = `SELECT version FROM ${table} WHERE stream = ? LIMIT 1`;
    const [row] = await session.read({ query, params: [stream] }, { serial: true });
    const version = Number(row?.get('version') ?? 0);
    // Versions only rise, so an append that expects a lower one (or one that never was) is not applied later either.
    return version === expectedVersion ? undefined : { outcome: 'conflict', version };
  }

  async function read(stream: string, afterVersion: number): Promise<readonly StreamEvent[]> {
    const query = `SELECT number, id, type, body FROM ${table} WHERE stream = ? AND kind = ? AND number > ?`;
    const rows = await session.read({ query, params: [stream, kind.event, BigInt(afterVersion)] }, { limit: pageRowsMax });
    return rows.map((row) => ({
      id: row.get('id') as string,
      type: row.get('type') as string,
      data: JSON.parse(row.get('body') as string) as JsonObject,
      version: Number(row.get('number')),
    }));
  }

  return { append, read };
}

/** A stream that has no event has no version: null, as one that does not exist. */
const versionParam = (version: number): bigint | null => (version === 0 ? null : BigInt(version));
