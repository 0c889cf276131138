import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { CodedError, type RowKey } from '@ringside/core';
import type { Row } from '@ringside/view-store';

import { allParked } from './rebuild-carried.js';
import { watermarkOf, type Rebuild, type Watermark } from './rebuild.js';
import { parkedTable, tablesOf, type Subscriber } from './subscriber.js';
import type { Views } from './views.js';

/** A row that the live and the rebuilt views do not have alike. */
export interface RowDifference extends RowKey {
  readonly kind: 'only live' | 'only rebuilt' | 'differs';
  /** Names of the fields that differ; never what is in them, which may be personal. */
  readonly fields: readonly string[];
}

export interface Parity {
  /** Rows compared, by table. */
  readonly rows: ReadonlyMap<string, number>;
  readonly differences: readonly RowDifference[];
  /** Rows that came or changed while they were compared, and were compared again at a watermark of their own. */
  readonly settled: number;
}

/** The live views moved whenever they were looked at. */
export class ParityUnsettledError extends CodedError {
  readonly code = 'parity_unsettled';

  constructor(table: string) {
    super(
      `The live views never stood still for as long as it takes to read some rows of "${table}": try again when fewer events come.`,
    );
  }
}

export interface ParityOptions {
  readonly subscriber: Subscriber;
  readonly live: Views;
  readonly rebuilt: Views;
  readonly rebuild: Rebuild;
  /** Called now and then with the number of rows compared since. */
  readonly onRows?: (rows: number) => void;
}

/** Rows that are read between two looks at the live checkpoints. Few, so that these rarely move in between. */
const settleRowsMax = 50;
/** A difference that is one is still there after so many looks; the time in between lets writes under way come to their end. */
const looks = { max: 8, waitMs: 25 };
/** How often the live checkpoints may have moved while rows were read, before it is given up. */
const movedMax = 500;
/** More of them say no more. */
const differencesMax = 1_000;

/**
 * Compares two generations row for row, while events come and the live one moves on: values, not timestamps (a parked event
 * that was retried has another number there). The rebuilt one contains the log exactly up to a watermark, the live one has
 * gone on from there, so:
 *
 * - both are scanned side by side. A row with the same value and the same timestamp in both is equal, and not touched since;
 * - every other row is a suspect. Suspects are read at a watermark of their own: the live rows between two looks at the
 *   live checkpoints that find the same, then the rebuilt ones, once the rebuild has advanced to just there.
 *
 * A driver or a reaction may leave live rows ahead of their checkpoint for a moment: a row differs if it does so each time.
 */
export async function compareViews(options: ParityOptions): Promise<Parity> {
  const rows = new Map<string, number>();
  const differences: RowDifference[] = [];
  let settled = 0;
  for (const table of tablesOf(options.subscriber)) {
    if (table === parkedTable) continue;
    const scanned = await scanBoth(options, table);
    rows.set(table, scanned.rows);
    for (let i = 0; i < scanned.suspects.length && differences.length < differencesMax; i += settleRowsMax) {
      const chunk = scanned.suspects.slice(i, i + settleRowsMax);
      differences.push(...(await settle(options, rowsIn(table, chunk))));
      settled += chunk.length;
    }
  }
  const parked = { table: parkedTable, compare: parkedDifferences, count: 0 };
  differences.push(...(await settle(options, parked)));
  rows.set(parkedTable, parked.count);
  return { rows, differences, settled: settled - differences.filter(({ table }) => table !== parkedTable).length };
}

interface Scanned {
  readonly rows: number;
  readonly suspects: readonly RowKey[];
}

/**
 * Both scans give rows in the same order, whatever it is. Where they have different rows next, the rebuilt table, which
 * stands still, is asked whether it has the live row: if it does, the scan of it is not there yet.
 */
async function scanBoth({ live, rebuilt, onRows }: ParityOptions, table: string): Promise<Scanned> {
  const suspects: RowKey[] = [];
  const [ofLive, ofRebuilt] = [live.scan(table), rebuilt.scan(table)].map((scan) => scan[Symbol.asyncIterator]());
  let [left, right] = [await next(ofLive!), await next(ofRebuilt!)];
  let rows = 0;
  for (; left !== undefined || right !== undefined; rows++) {
    if (left !== undefined && right !== undefined && left.partition === right.partition && left.key === right.key) {
      if (left.timestamp !== right.timestamp || !isDeepStrictEqual(left.value, right.value)) suspects.push(rowOf(table, left));
      [left, right] = [await next(ofLive!), await next(ofRebuilt!)];
    } else if (right !== undefined && (left === undefined || (await rebuilt.get(rowOf(table, left))) !== undefined)) {
      suspects.push(rowOf(table, right));
      right = await next(ofRebuilt!);
    } else {
      suspects.push(rowOf(table, left!));
      left = await next(ofLive!);
    }
    if (rows % 500 === 499) onRows?.(500);
  }
  onRows?.(rows % 500);
  return { rows, suspects };
}

const rowOf = (table: string, { partition, key }: Row): RowKey => ({ table, partition, key });
const next = async (rows: AsyncIterator<Row>): Promise<Row | undefined> => {
  const { done, value } = await rows.next();
  return done ? undefined : (value as Row);
};
