import type { Json, JsonObject } from '@ringside/core';
import { pageRowsMax, type ViewStore } from '@ringside/view-store';

import type { Bulk } from './bulk-record.js';

/** Partition = bulk and what is done with it, key = case. Written once: the first result of a case tells. */
export const bulkResultsTable = 'bulk_results';
/** Partition `open`, key = bulk: bulks that are to be worked on. A row's timestamp is the version of the bulk's stream, doubled. */
export const openBulksTable = 'open_bulks';

export type BulkPhase = 'do' | 'undo';

/** What became of one case. */
export interface BulkResult {
  readonly caseId: string;
  /** `done`, or the code of the problem that a command of its own would have had. */
  readonly outcome: string;
  readonly detail?: string;
  /** Of the case, after it. */
  readonly version?: number;
  readonly decisionId?: string;
  readonly pendingApproval?: boolean;
}

const partitionOf = (bulkId: string, phase: BulkPhase): string => `${bulkId}/${phase}`;

export async function keepResult(store: ViewStore, bulkId: string, phase: BulkPhase, result: BulkResult): Promise<void> {
  const value = Object.fromEntries(Object.entries(result)) as Record<string, Json>;
  await store.insertOnce({ table: bulkResultsTable, partition: partitionOf(bulkId, phase), key: result.caseId, value });
}

/** By case. */
export async function resultsOf(store: ViewStore, bulkId: string, phase: BulkPhase): Promise<ReadonlyMap<string, BulkResult>> {
  const results = new Map<string, BulkResult>();
  let after: string | undefined;
  for (;;) {
    const options = { limit: pageRowsMax, ...(after === undefined ? {} : { after }) };
    const rows = await store.page(bulkResultsTable, partitionOf(bulkId, phase), options);
    for (const { key, value } of rows) results.set(key, value as unknown as BulkResult);
    if (rows.length < pageRowsMax) return results;
    after = rows.at(-1)!.key;
  }
}

const openRow = (bulkId: string) => ({ table: openBulksTable, partition: 'open', key: bulkId });

/** Is to be worked on until {@link markFinished} says otherwise of the same version. */
export async function markOpen(store: ViewStore, bulkId: string, version: number): Promise<void> {
  await store.write([{ kind: 'put', ...openRow(bulkId), timestamp: version * 2, value: { version } as JsonObject }]);
}

export async function markFinished(store: ViewStore, { bulkId, version }: Bulk): Promise<void> {
  await store.write([{ kind: 'delete', ...openRow(bulkId), timestamp: version * 2 + 1 }]);
}

/** At most so many bulks are looked at a time. */
const openMax = 100;

export const openBulks = async (store: ViewStore): Promise<readonly string[]> =>
  (await store.page(openBulksTable, 'open', { limit: openMax })).map(({ key }) => key);
