import {
  caseRow,
  caseTables,
  duePartitions,
  placesInLists,
  fileAt,
  type CaseFile,
  type CaseRules,
  type DueKind,
} from '@ringside/casework';
import { isoTime, type IsoTime, type JsonObject } from '@ringside/core';

import type { Views } from './views.js';

export interface DueQuery {
  readonly kind: DueKind;
  /** Only what is due at this time or later: a sweep need not look at what it has announced. */
  readonly from?: IsoTime;
  /** What is due before this time. */
  readonly to: IsoTime;
  readonly limit: number;
}

export interface DueCase {
  readonly caseId: string;
  /** When: of a proposal, when it was made. */
  readonly at: IsoTime;
}

/**
 * Cases for which the clock has something to say: leases that run out, deadlines, proposals that wait; the first one first. One
 * that is on hold has no deadlines. They are what the views know: the case's stream has the last word.
 */
export async function dueCases(views: Views, { kind, from, to, limit }: DueQuery): Promise<readonly DueCase[]> {
  const options = { ...(from === undefined ? {} : { from }), to, limit };
  const pages = await Promise.all(duePartitions(kind).map((partition) => views.page(caseTables.lists, partition, options)));
  return pages
    .flat()
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .slice(0, limit)
    .map(({ key, value }) => ({ caseId: value['caseId'] as string, at: key.slice(0, key.indexOf('/')) }));
}

/** So many leases that ran out and that nobody has ended yet are looked at for one page: a sweep ends them within seconds. */
const lapsedMax = 1_000;

export interface ListEntry {
  readonly key: string;
  readonly value: JsonObject;
}

/**
 * Where cases whose lease has run out will be listed once that is said: entries of these lists that are not there yet. The lists
 * hold them as claimed until then.
 */
export async function lapsedEntries(
  { views, rules, at }: { readonly views: Views; readonly rules: CaseRules; readonly at: IsoTime },
  partitions: readonly string[],
): Promise<readonly ListEntry[]> {
  const lapsed = await dueCases(views, { kind: 'lease', to: isoTime(Date.parse(at) + 1), limit: lapsedMax });
  const files = await views.getMany(lapsed.map(({ caseId }) => caseRow(caseId)));
  return files.flatMap((row) => {
    const file = row?.value as unknown as CaseFile | undefined;
    if (file === undefined) return [];
    const places = placesInLists(fileAt(file, at), rules).filter(({ partition }) => partitions.includes(partition));
    return places.map(({ key }) => ({ key, value: { caseId: file.caseId } }));
  });
}
