import { isoTime, uuidv7, type IsoTime } from '@ringside/core';
import { pageRowsMax, type Row, type ViewStore } from '@ringside/view-store';

import type { Bulk } from './bulk-record.js';

/**
 * Partition `open`, key = bulk and mark: bulks that are to be worked on. A step is marked before it is taken, and each mark has a row of
 * its own: taking back one whose step never came takes back nobody else's of the same step. Marks of older versions are under the bulk
 * alone and without a time; the timestamp of such a row is the version of the bulk's stream, doubled.
 */
export const openBulksTable = 'open_bulks';
const partition = 'open';

/** Says that a bulk is to be worked on from this version of its stream on, which it may not have yet, and may never have. */
export interface OpenMark {
  readonly bulkId: string;
  readonly version: number;
  /** Null in those of older versions. */
  readonly at: IsoTime | null;
  readonly row: Pick<Row, 'key' | 'timestamp'>;
}

/** @param now in ms since the epoch */
export async function markOpen(store: ViewStore, bulkId: string, version: number, now: number): Promise<OpenMark> {
  const row = { key: `${bulkId}/${uuidv7()}`, timestamp: 1 };
  const at = isoTime(now);
  await store.write([{ kind: 'put', table: openBulksTable, partition, ...row, value: { version, at } }]);
  return { bulkId, version, at, row };
}

export async function takeBack(store: ViewStore, marks: readonly OpenMark[]): Promise<void> {
  if (marks.length === 0) return;
  const removed = ({ row: { key, timestamp } }: OpenMark) =>
    ({ kind: 'delete', table: openBulksTable, partition, key, timestamp: timestamp + 1 }) as const;
  await store.write(marks.map(removed));
}

/** Takes back all marks up to the version at which it is. */
export async function markFinished(store: ViewStore, { bulkId, version }: Pick<Bulk, 'bulkId' | 'version'>): Promise<void> {
  const marks: OpenMark[] = [];
  // "0" follows "/".
  for await (const mark of marksBetween(store, { from: bulkId, to: `${bulkId}0` })) {
    if (mark.bulkId === bulkId && mark.version <= version) marks.push(mark);
  }
  await takeBack(store, marks);
}

/** All of them, by bulk. */
export const openMarks = (store: ViewStore): AsyncIterable<OpenMark> => marksBetween(store, {});

async function* marksBetween(
  store: ViewStore,
  range: { readonly from?: string; readonly to?: string },
): AsyncIterable<OpenMark> {
  let after: string | undefined;
  for (;;) {
    const options = { ...range, limit: pageRowsMax, ...(after === undefined ? {} : { after }) };
    const rows = await store.page(openBulksTable, partition, options);
    for (const row of rows) yield markOf(row);
    if (rows.length < pageRowsMax) return;
    after = rows.at(-1)!.key;
  }
}

function markOf({ key, timestamp, value }: Row): OpenMark {
  const at = (value['at'] as IsoTime | undefined) ?? null;
  return { bulkId: key.split('/')[0]!, version: value['version'] as number, at, row: { key, timestamp } };
}
