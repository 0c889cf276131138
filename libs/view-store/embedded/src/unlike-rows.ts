import { UnknownTableError, type UnlikeRows } from '@ringside/view-store';

import type { Read } from './read.js';
import { decodeKey } from './row-key.js';
import { isSameRow } from './row-value.js';
import type { Rows, Tables } from './tables.js';

/** Rows of each table that are read in one go. */
const rowsMax = 1_000;

interface Entry {
  readonly key: Buffer;
  readonly value: Buffer;
}

/** Both tables side by side, as bytes: nothing is decoded of rows that are alike, which are nearly all of them. */
export async function* unlikeRows(
  tables: Tables,
  names: { readonly left: string; readonly right: string },
  read: Read,
): AsyncGenerator<UnlikeRows> {
  const idsOf = (): readonly [Rows, Rows, string] => {
    const set = tables.open([names.left, names.right]);
    const [left, right] = [set.table(names.left), set.table(names.right)];
    return [left.rows, right.rows, `${left.id}/${right.id}`];
  };
  const [, , first] = read(idsOf);
  let after: Buffer | undefined;
  for (;;) {
    const looked = read(() => {
      const [left, right, ids] = idsOf();
      if (ids !== first) throw new UnknownTableError(names.left); // dropped meanwhile; there is another one of the same name
      return compare(entriesOf(left, after), entriesOf(right, after));
    });
    yield { rows: looked.rows, unlike: looked.unlike.map(decodeKey) };
    if (looked.last === undefined) return;
    after = looked.last;
    await new Promise(setImmediate); // lets others have their turn
  }
}

const entriesOf = (rows: Rows, after: Buffer | undefined): readonly Entry[] => [
  ...rows.getRange({ ...(after === undefined ? {} : { start: after, exclusiveStart: true }), limit: rowsMax }),
];

interface Compared {
  readonly rows: number;
  readonly unlike: readonly Buffer[];
  /** Up to where both were looked at; undefined at the end. */
  readonly last: Buffer | undefined;
}

/** As far as both are known: a list that is full may go on behind its last one. */
function compare(left: readonly Entry[], right: readonly Entry[]): Compared {
  const unlike: Buffer[] = [];
  let [l, r, rows] = [0, 0, 0];
  let last: Buffer | undefined;
  const goesOn = (list: readonly Entry[], at: number): boolean => at === list.length && list.length === rowsMax;
  for (; l < left.length || r < right.length; rows++) {
    if (goesOn(left, l) || goesOn(right, r)) return { rows, unlike, last };
    const [one, other] = [left[l], right[r]];
    const order = one === undefined ? 1 : other === undefined ? -1 : Buffer.compare(one.key, other.key);
    last = order <= 0 ? one!.key : other!.key;
    if (order !== 0 || !isSameRow(one!.value, other!.value)) unlike.push(last);
    if (order <= 0) l++;
    if (order >= 0) r++;
  }
  return { rows, unlike, last: goesOn(left, l) || goesOn(right, r) ? last : undefined };
}
