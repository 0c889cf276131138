import { type JsonObject, type turns, UnavailableError, uuidv7 } from '@ringside/core';
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

import { ownTables, qualified } from './ddl.js';
import type { CqlRow, Session, Statement } from './session.js';

export interface Streams {
  append(append: StreamAppend): Promise<StreamAppendOutcome>;
  head(stream: string): Promise<StreamHead>;
  command(stream: string, commandId: string): Promise<StreamCommand | undefined>;
  raiseFence(stream: string): Promise<StreamHead>;
  read(stream: string, afterVersion: number): Promise<readonly StreamEvent[]>;
}

/** The rows of a stream: its commands by their id, and its events by their version. */
const kind = { command: 0, event: 1 } as const;

/**
 * A stream is one partition, and an append one conditional batch in it: events, the command with its result, and the version
 * (a static column), on the condition that the version is the expected one, the fence (another) is the given one, and the command
 * is new.
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
      // Still at the expected version and fence, the append may yet be applied: sending it again, with its command's id, will tell.
      if (found === undefined) throw unknown ?? new UnavailableError('view-store', 'The append was refused without a reason.');
      return found;
    });
  }

  function appendStatements(
    { stream, expectedVersion, fence, commandId, events, result }: StreamAppend,
    attempt: string,
  ): Statement[] {
    const version = expectedVersion + events.length;
    const body = jsonText('result', result);
    const bodies = events.map(({ data }) => jsonText('event data', data));
    checkAppendSize([body, ...bodies]);
    return [
      {
        query: `UPDATE ${table} SET version = ? WHERE stream = ? IF version = ? AND fence = ?`,
        params: [headParam(version), stream, headParam(expectedVersion), headParam(fence)],
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
    const taken = await commandRow(stream, commandId);
    if (taken?.get('attempt') === attempt) return { outcome: 'appended', version: Number(taken.get('led_to')) };
    if (taken !== undefined) return { outcome: 'repeated', ...commandOf(taken) };
    const { version, fence } = await head(stream);
    // Versions and fences only rise, so an append that expects a lower one (or one that never was) is not applied later either.
    if (version !== expectedVersion) return { outcome: 'conflict', version };
    return fence === append.fence ? undefined : { outcome: 'fenced', version, fence };
  }

  async function commandRow(stream: string, commandId: string): Promise<CqlRow | undefined> {
    const query = `SELECT body, led_to, attempt FROM ${table} WHERE stream = ? AND kind = ? AND number = ? AND id = ?`;
    return (await session.read({ query, params: [stream, kind.command, 0n, commandId] }, { serial: true }))[0];
  }

  async function command(stream: string, commandId: string): Promise<StreamCommand | undefined> {
    const row = await commandRow(stream, commandId);
    return row && commandOf(row);
  }

  async function head(stream: string): Promise<StreamHead> {
    const query = `SELECT version, fence FROM ${table} WHERE stream = ? LIMIT 1`;
    const [row] = await session.read({ query, params: [stream] }, { serial: true });
    return { version: Number(row?.get('version') ?? 0), fence: Number(row?.get('fence') ?? 0) };
  }

  /**
   * Raised by somebody else meanwhile is as good: the fence is then above what was read here. Where the outcome is unknown and
   * nothing has changed, the same transaction again does no harm either.
   */
  function raiseFence(stream: string): Promise<StreamHead> {
    return inTurn(`stream ${stream}`, async () => {
      const before = await head(stream);
      const raise = {
        query: `UPDATE ${table} SET fence = ? WHERE stream = ? IF fence = ?`,
        params: [headParam(before.fence + 1), stream, headParam(before.fence)],
      };
      for (let attempt = 0; attempt < raisesMax; attempt++) {
        await session.transact([raise]).catch((error: unknown) => {
          if (!(error instanceof UnavailableError)) throw error;
        });
        const after = await head(stream);
        if (after.fence > before.fence) return after;
      }
      throw new UnavailableError('view-store', `Whether the fence of ${stream} was raised is unknown.`);
    });
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

  return { append, head, command, raiseFence, read };
}

/** A raise that timed out is sent again so many times, over all. */
const raisesMax = 3;

const commandOf = (row: CqlRow): StreamCommand => ({
  version: Number(row.get('led_to')),
  result: JSON.parse(row.get('body') as string) as JsonObject,
});

/** A stream that has no event has no version, and one that was never raised no fence: null, as one that does not exist. */
const headParam = (number: number): bigint | null => (number === 0 ? null : BigInt(number));
