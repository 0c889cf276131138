import type { Event } from '@event-driven-io/emmett';
import {
  getPostgreSQLEventStore,
  pongoMultiStreamProjection,
  postgreSQLEventStoreConsumer,
  postgreSQLRawSQLProjection,
  rebuildPostgreSQLProjections,
  type PostgreSQLProjectionDefinition,
} from '@event-driven-io/emmett-postgresql';
import { dumbo, identifier, SQL, type NodePostgresPool, type SQLExecutor } from '@event-driven-io/dumbo';
import type { ReportFiled } from '@ringside/events';

import { viewOfRows, withReport, type FigureRow, type SubjectFigures } from '../../../dist/peers/subject-figures.js';
import { openPool } from '../postgres-pool.js';
import type { PeerStore, StoreOptions } from '../store.js';

type Filed = Event<'ReportFiled', ReportFiled['data'], Omit<ReportFiled, 'type' | 'data'>>;

/** How the view is made: as documents, which Emmett's documentation shows first, or by one's own statement. */
export type EmmettProjection = 'pongo' | 'sql';

/** Messages that are read and projected in one transaction: as many as Ringside takes. */
const batchSize = 500;

const eventOf = ({ type, data, ...metadata }: ReportFiled): Filed => ({ type, data, metadata });

// Pongo takes no interface as a document.
type FiguresDocument = { readonly figures: SubjectFigures };

/** One after the other version, as Emmett has it: the later one is a view of its own, filled from the beginning. */
type Version = 1 | 2;

const byPongo = (version: Version): PostgreSQLProjectionDefinition<Filed> =>
  pongoMultiStreamProjection<FiguresDocument, Filed>({
    collectionName: 'subject_figures',
    version,
    canHandle: ['ReportFiled'],
    getDocumentId: ({ data }) => data.subjectId,
    initialState: () => ({ figures: {} }),
    evolve: (document: FiguresDocument, { data }: Filed): FiguresDocument => ({
      ...document,
      figures: withReport(document.figures, data),
    }),
  });

const sqlTable = (version: Version): string => `subject_figures_sql_v${version}`;

function bySql(version: Version): PostgreSQLProjectionDefinition<Filed> {
  const table = identifier(sqlTable(version));
  const definition = postgreSQLRawSQLProjection<Filed>({
    name: sqlTable(version),
    canHandle: ['ReportFiled'],
    init: () => SQL`
      CREATE TABLE IF NOT EXISTS ${table} (
        "subjectId" text, reason text, reports int NOT NULL, "firstAt" text NOT NULL, "lastAt" text NOT NULL,
        PRIMARY KEY ("subjectId", reason))`,
    evolve: ({ data: { subjectId, reason, filedAt } }) => SQL`
      INSERT INTO ${table} AS kept VALUES (${subjectId}, ${reason}, 1, ${filedAt}, ${filedAt})
      ON CONFLICT ("subjectId", reason) DO UPDATE SET
        reports = kept.reports + 1,
        "firstAt" = least(kept."firstAt", excluded."firstAt"),
        "lastAt" = greatest(kept."lastAt", excluded."lastAt")`,
  });
  // Emmett truncates no projection by SQL unless it is told how.
  const truncate = async ({ execute }: { readonly execute: SQLExecutor }): Promise<void> => {
    await execute.command(SQL`TRUNCATE TABLE ${table}`);
  };
  return { ...definition, truncate };
}

export async function openEmmett({ url }: StoreOptions, projection: EmmettProjection): Promise<PeerStore> {
  const pool = openPool(url);
  const store = getPostgreSQLEventStore(url, { connectionOptions: { pooled: true, pool } });
  await store.schema.migrate();
  const definitionOf = projection === 'pongo' ? byPongo : bySql;
  let shown: Version = 1;
  const reading = dumbo({ connectionString: url, pooled: true, pool }) as NodePostgresPool;
  const common = { connectionString: url, pool: reading, pulling: { batchSize } };
  return {
    append: (report) => store.appendToStream(`report-${report.data.reportId}`, [eventOf(report)]),
    async fill(reports) {
      for (let i = 0; i < reports.length; i += 100) {
        await store.appendToStream(`filling-${i}`, reports.slice(i, i + 100).map(eventOf));
      }
    },
    async count() {
      const { rows } = await pool.query<{ count: number }>('SELECT count(*)::int AS count FROM emt_messages');
      return rows[0]!.count;
    },
    projecting: {
      async project({ warmUp, isWarm }) {
        const consumer = postgreSQLEventStoreConsumer({ ...common, stopWhen: { noMessagesLeft: true } });
        let done = 0;
        const stopAfter = (): boolean => {
          done += 1;
          if (done === warmUp) isWarm();
          return false;
        };
        consumer.projector<Filed>({ projection: definitionOf(1), stopAfter });
        await consumer.start();
        await consumer.close();
      },
      async rebuild() {
        const consumer = rebuildPostgreSQLProjections<Filed>({ ...common, projections: [definitionOf(2)] });
        await consumer.start();
        await consumer.close();
        shown = 2;
      },
      async view() {
        if (projection === 'pongo') {
          const { rows } = await pool.query<{ _id: string; data: FiguresDocument }>(
            `SELECT _id, data FROM subject_figures_v${shown}`,
          );
          return new Map(rows.map(({ _id, data }) => [_id, data.figures]));
        }
        const { rows } = await pool.query<FigureRow>(`SELECT * FROM ${sqlTable(shown)}`);
        return viewOfRows(rows);
      },
    },
    async close() {
      await store.close();
      if (!pool.ended) await pool.end();
    },
  };
}
