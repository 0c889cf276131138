import type { Json } from '@ringside/core';
import { pageRowsMax, type ViewStore } from '@ringside/view-store';

/** Partition = bulk and what is done with it, key = case. Written once: the first result of a case tells. */
export const bulkResultsTable = 'bulk_results';

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
