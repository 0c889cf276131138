import { isDeepStrictEqual } from 'node:util';
import type { JsonObject, RowKey } from '@ringside/core';
import type { Row } from '@ringside/view-store';

import { allParked } from './rebuild-carried.js';
import { watermarkOf } from './rebuild.js';
import { settle, type Compared, type RowDifference, type Snapshot } from './settle.js';
import { parkedTable, tablesOf } from './subscriber.js';
import type { Views } from './views.js';

export interface Parity {
  /** Rows compared, by table. */
  readonly rows: ReadonlyMap<string, number>;
  /** At most {@link differencesMax}: more of them say no more. */
  readonly differences: readonly RowDifference[];
  /** Rows that were not alike at once, as the live views had gone on, and were compared at a watermark of their own. */
  readonly lookedAtAgain: number;
}

export const differencesMax = 1_000;

/** Rows that are read between two looks at the live checkpoints. Few, so that these rarely move in between. */
const settleRowsMax = 50;

/**
 * Compares two generations row for row, while events come and the live one moves on: values, not timestamps (a parked event
 * that was retried has another number there). The rebuilt one contains the log exactly up to a watermark, the live one has
 * gone on from there, so:
 *
 * - both are scanned side by side. A row with the same value and the same timestamp in both is equal, and not touched since;
 * - every other row is a suspect, and is compared at a watermark of its own: see {@link settle}.
 *
 * Addresses of suspects are kept in memory, table by table.
 */
export async function compareViews(compared: Compared, onRows?: (rows: number) => void): Promise<Parity> {
  const rows = new Map<string, number>();
  const differences: RowDifference[] = [];
  let lookedAtAgain = 0;
  for (const table of tablesOf(compared.subscriber)) {
    if (table === parkedTable) continue;
    const scanned = await scanBoth(compared, table, onRows);
    rows.set(table, scanned.rows);
    for (let i = 0; i < scanned.suspects.length && differences.length < differencesMax; i += settleRowsMax) {
      const chunk = scanned.suspects.slice(i, i + settleRowsMax);
      lookedAtAgain += chunk.length;
      differences.push(...(await settle(compared, (views) => snapshotOf(views, chunk))));
    }
  }
  let parked = 0;
  const differing = await settle(compared, async (views) => {
    const snapshot = await parkedIn(views, compared);
    parked = snapshot.size;
    return snapshot;
  });
  rows.set(parkedTable, parked);
  return { rows, differences: [...differences, ...differing].slice(0, differencesMax), lookedAtAgain };
}

interface Scanned {
  readonly rows: number;
  readonly suspects: readonly RowKey[];
}

/** The store may know better than to read both. */
async function scanBoth(compared: Compared, table: string, onRows?: (rows: number) => void): Promise<Scanned> {
  const { live, rebuilt } = compared;
  const { store } = live;
  if (store.unlike === undefined) return scanEach(compared, table, onRows);
  const suspects: RowKey[] = [];
  let rows = 0;
  for await (const looked of store.unlike(live.physical(table), rebuilt.physical(table))) {
    rows += looked.rows;
    for (const row of looked.unlike) suspects.push({ table, ...row });
    onRows?.(looked.rows);
  }
  return { rows, suspects };
}

/**
 * Both scans give rows in the same order, whatever it is. Where they have different rows next, the rebuilt table, which
 * stands still, is asked whether it has the live row: if it does, the scan of it is not there yet.
 */
async function scanEach({ live, rebuilt }: Compared, table: string, onRows?: (rows: number) => void): Promise<Scanned> {
  const suspects: RowKey[] = [];
  const ofLive = live.scan(table)[Symbol.asyncIterator]();
  const ofRebuilt = rebuilt.scan(table)[Symbol.asyncIterator]();
  let [left, right] = [await next(ofLive), await next(ofRebuilt)];
  let rows = 0;
  for (; left !== undefined || right !== undefined; rows++) {
    if (left !== undefined && right !== undefined && left.partition === right.partition && left.key === right.key) {
      if (left.timestamp !== right.timestamp || !isDeepStrictEqual(left.value, right.value)) suspects.push(rowOf(table, left));
      [left, right] = [await next(ofLive), await next(ofRebuilt)];
    } else if (right !== undefined && (left === undefined || (await rebuilt.get(rowOf(table, left))) !== undefined)) {
      suspects.push(rowOf(table, right));
      right = await next(ofRebuilt);
    } else {
      suspects.push(rowOf(table, left!));
      left = await next(ofLive);
    }
    if (rows % 500 === 499) onRows?.(500);
  }
  onRows?.(rows % 500);
  return { rows, suspects };
}

const rowOf = (table: string, { partition, key }: Row): RowKey => ({ table, partition, key });

async function next(rows: AsyncIterator<Row>): Promise<Row | undefined> {
  const { done, value } = (await rows.next()) as { done?: boolean; value: Row };
  return done ? undefined : value;
}

async function snapshotOf(views: Views, rows: readonly RowKey[]): Promise<Snapshot> {
  const found = await views.getMany(rows);
  return new Map(
    rows.flatMap((row, i) => {
      const value = found[i]?.value;
      return value === undefined ? [] : [[`${row.partition}\0${row.key}`, { row, value }] as const];
    }),
  );
}

/** Parked events are alike where the same ones are parked, in the same order of each key, for the same reason. */
async function parkedIn(views: Views, { live, subscriber }: Compared): Promise<Snapshot> {
  const snapshot = new Map<string, { readonly row: RowKey; readonly value: JsonObject }>();
  for (const source of await watermarkOf(live, subscriber)) {
    const places = new Map<string, number>();
    for await (const { key, eventId, reason, reactionOnly } of allParked(views, source)) {
      const place = (places.get(key) ?? 0) + 1;
      places.set(key, place);
      const row = { table: parkedTable, partition: `${source.topic}/${source.partition}`, key: `${key}, number ${place}` };
      snapshot.set(`${row.partition}\0${row.key}`, { row, value: { eventId, reason, reactionOnly } });
    }
  }
  return snapshot;
}
