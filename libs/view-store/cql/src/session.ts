import cassandra from 'cassandra-driver';

import { requestMsMax } from './cql-client.js';
import { translated } from './cql-errors.js';

const { consistencies } = cassandra.types;

/** Requests of one call that are under way together. Beyond that the server would queue them, and time out sooner. */
export const requestsAtOnceMax = 128;

export type CqlRow = Pick<cassandra.types.Row, 'get'>;

export interface Statement {
  readonly query: string;
  readonly params: readonly unknown[];
}

export interface ReadOptions {
  /** Reads behind whatever transaction is under way, and settles it. Slower; for what only transactions write. */
  readonly serial?: boolean;
  /** Ends there; all rows where absent. */
  readonly limit?: number;
  /** In ms, for each page. */
  readonly msMax?: number;
}

export interface Transacted {
  readonly applied: boolean;
  /** Cassandra gives the columns of the condition, and only of a refusal; ScyllaDB always gives them: ask `applied` first. */
  readonly row: CqlRow | undefined;
}

/**
 * The four ways in which this driver talks to the server. They differ in what may be sent again: a read, a write that carries
 * its own timestamp, and a change of the schema that says IF (NOT) EXISTS may be; a transaction may not.
 * They reject as `cql-errors.ts` says.
 */
export interface Session {
  read(statement: Statement, options?: ReadOptions): Promise<readonly CqlRow[]>;
  pages(statement: Statement, options?: ReadOptions): AsyncIterable<readonly CqlRow[]>;
  /** Statements of one partition of one table: one atomic batch. Each carries its timestamp. */
  write(statements: readonly Statement[]): Promise<void>;
  /** Conditional statements of one partition of one table. Rejected by `UnavailableError`, it may have been applied, or may yet be. */
  transact(statements: readonly Statement[]): Promise<Transacted>;
  define(query: string): Promise<void>;
}

const rowsOfPage = 1_000;

/** How long a change of the schema may take, in ms: every node takes part in it. */
const defineMsMax = 30_000;

const again = { prepare: true, isIdempotent: true } as const;
const once = { prepare: true, isIdempotent: false, retry: new cassandra.policies.retry.FallthroughRetryPolicy() };

/** @param client gives the connected client, or throws `UnavailableError`. */
export function openSession(client: () => cassandra.Client): Session {
  async function* pages({ query, params }: Statement, options: ReadOptions = {}): AsyncIterable<readonly CqlRow[]> {
    const { serial = false, limit = Infinity, msMax = requestMsMax } = options;
    let left = limit;
    let pageState: string | undefined;
    do {
      const { rows, pageState: next } = await answered(
        client().execute(query, [...params], {
          ...again,
          readTimeout: msMax,
          fetchSize: Math.min(left, rowsOfPage),
          ...(serial && { consistency: consistencies.localSerial }),
          ...(pageState !== undefined && { pageState }),
        }),
      );
      // ScyllaDB ends a page early when it has become large.
      const taken = rows.length > left ? rows.slice(0, left) : rows;
      left -= taken.length;
      pageState = next ?? undefined;
      yield taken;
    } while (pageState !== undefined && left > 0);
  }

  /** One statement needs no batch, and is routed and counted by the server as what it is. */
  const send = (statements: readonly Statement[], options: cassandra.QueryOptions): Promise<cassandra.types.ResultSet> => {
    const [first] = statements;
    if (statements.length === 1) return client().execute(first!.query, [...first!.params], options);
    const queries = statements.map(({ query, params }) => ({ query, params: [...params] }));
    return client().batch(queries, { ...options, logged: false });
  };

  return {
    pages,
    read: async (statement, options) => {
      const rows: CqlRow[] = [];
      for await (const page of pages(statement, options)) rows.push(...page);
      return rows;
    },
    write: async (statements) => {
      await answered(send(statements, again));
    },
    transact: async (statements) => {
      const row = (await answered(send(statements, once))).first();
      return { applied: row.get('[applied]') === true, row };
    },
    define: async (query) => {
      await answered(client().execute(query, [], { isIdempotent: true, readTimeout: defineMsMax }));
    },
  };
}

async function answered<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw translated(error);
  }
}
