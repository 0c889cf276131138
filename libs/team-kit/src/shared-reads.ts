import type { RowKey } from '@ringside/core';
import type { Row } from '@ringside/view-store';

import type { ViewReader } from './subscriber.js';

interface Asked {
  readonly rows: readonly RowKey[];
  readonly resolve: (found: readonly (Row | undefined)[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One reader for many that read at once: single rows that are asked for in the same turn go to the store in one call. Nothing is
 * kept: whoever asks again reads again.
 *
 * @param written a row as the reader has just written it, where nobody else does: the store has nothing else.
 */
export function sharedReads(views: ViewReader, written: (row: RowKey) => Row | undefined = () => undefined): ViewReader {
  let waiting: Asked[] = [];

  const readWaiting = async (): Promise<void> => {
    const asked = waiting;
    waiting = [];
    try {
      const found = await views.getMany(asked.flatMap(({ rows }) => rows));
      let next = 0;
      for (const { rows, resolve } of asked) resolve(found.slice(next, (next += rows.length)));
    } catch (error) {
      // Rows that the store refuses are the fault of whoever asked for them, and of nobody else.
      if (asked.length === 1) asked[0]!.reject(error);
      else for (const { rows, resolve, reject } of asked) views.getMany(rows).then(resolve, reject);
    }
  };

  const getMany: ViewReader['getMany'] = (rows) =>
    new Promise((resolve, reject) => {
      if (waiting.push({ rows, resolve, reject }) === 1) queueMicrotask(() => void readWaiting());
    });

  return {
    getMany,
    get: async (row) => (written(row) ?? (await getMany([row]))[0])?.value,
    page: (table, partition, options) => views.page(table, partition, options),
  };
}
