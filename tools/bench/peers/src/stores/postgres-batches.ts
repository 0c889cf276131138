import type { ReportFiled } from '@ringside/events';
import pg from 'pg';

import type { PeerStore, StoreOptions } from '../store.js';

interface Waiting {
  readonly report: ReportFiled;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** While one commits the others do: with 4 it takes some more than with 1 or 2. */
const connections = 4;
const batchMax = 1_000;

const insert = {
  name: 'append',
  text: `INSERT INTO events (id, subject, bytes)
    SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[])`,
};

/**
 * No library: what somebody writes by hand who wants PostgreSQL to take as much as it can. Callers that come while a commit is
 * under way share the next one: one prepared statement, one row for each, one flush.
 */
export async function openPostgresBatches({ url }: StoreOptions): Promise<PeerStore> {
  const idle = await Promise.all(
    Array.from({ length: connections }, async () => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      return client;
    }),
  );
  const all = [...idle];
  await idle[0]!.query(
    `CREATE TABLE IF NOT EXISTS events (
      position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      id text NOT NULL UNIQUE, subject text NOT NULL, bytes bytea NOT NULL)`,
  );
  let waiting: Waiting[] = [];

  async function commit(client: pg.Client, batch: readonly Waiting[]): Promise<void> {
    const reports = batch.map(({ report }) => report);
    const columns = [
      reports.map(({ id }) => id),
      reports.map(({ data }) => data.subjectId),
      reports.map((report) => Buffer.from(JSON.stringify(report))),
    ];
    try {
      await client.query({ ...insert, values: columns });
      for (const { resolve } of batch) resolve();
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    idle.push(client);
    next();
  }

  function next(): void {
    while (waiting.length > 0 && idle.length > 0) {
      const batch = waiting.slice(0, batchMax);
      waiting = waiting.slice(batchMax);
      void commit(idle.pop()!, batch);
    }
  }

  const append = (report: ReportFiled): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.push({ report, resolve, reject });
      // Those of this turn of the event loop go together.
      if (waiting.length === 1) setImmediate(next);
    });

  return {
    append,
    fill: async (reports) => void (await Promise.all(reports.map(append))),
    async count() {
      const { rows } = await all[0]!.query<{ count: number }>('SELECT count(*)::int AS count FROM events');
      return rows[0]!.count;
    },
    close: async () => void (await Promise.all(all.map((client) => client.end()))),
  };
}
