import type { JsonObject, Projection, RowKey } from '@ringside/core';
import { termsMax, type RegionPromoted, type RingsideEvent } from '@ringside/events';

/** One partition per home, each made of the promotions about it alone. */
export const ringTermsTable = 'ring_terms';

/** Which region works the cases of a home in one of its terms. The value of a row, the same in every region. */
export type ServingTerm = {
  readonly home: string;
  readonly servedBy: string;
  readonly term: number;
  readonly by: string;
  readonly reason: string;
  readonly promotedAt: string;
  readonly eventId: string;
};

/** The row with the highest term that is known of a home; absent as long as nobody was promoted in its place. */
export const servingRow = (home: string): RowKey => ({ table: ringTermsTable, partition: home, key: 'serving' });

/** The row of one term of a home. */
export const termRow = (home: string, term: number): RowKey => ({
  table: ringTermsTable,
  partition: home,
  key: `${termKeys.from}${String(term).padStart(3, '0')}`,
});

/** Keys of the rows that {@link termRow} addresses, in the order of their terms. */
export const termKeys = { from: 'term/', to: 'term0' } as const;

/** What a row of {@link ringTermsTable} says; without one a region serves its own cases, in term 0. */
export function servingOf(home: string, row: JsonObject | undefined): { readonly servedBy: string; readonly term: number } {
  return (row as ServingTerm | undefined) ?? { servedBy: home, term: 0 };
}

/**
 * So far ahead of a term may the next one be. A region chooses the next of the terms that are the promoted region's own
 * ({@link nextTerm}), and those come around once in as many as there are regions, of which a policy has at most 32.
 */
export const termJumpMax = 32;

/**
 * The term in which a region is promoted: the next behind the one that is known whose remainder, divided by the number of regions that
 * may serve the home, is the promoted region's place among them. So two regions that do not know of each other's promotions never
 * give one term to two regions. `successors` is {@link Placement.successorsOf} the home: itself first. Throws `RangeError` for a
 * region that is not among them.
 *
 * What arrives is not measured by this rule, for it was given out by the policy of its day, which may have had other successors.
 */
export function nextTerm(known: number, servedBy: string, successors: readonly string[]): number {
  const place = successors.indexOf(servedBy);
  if (place < 0) throw new RangeError(`${servedBy} is none of ${successors.join(', ')}, so it has no term.`);
  const next = known + 1;
  return next + ((((place - next) % successors.length) + successors.length) % successors.length);
}

/** The row of a term that is further ahead than any region goes: it counts once those between have come, and never without them. */
const aheadRow = (home: string, term: number): RowKey => ({
  ...termRow(home, term),
  key: `ahead/${String(term).padStart(3, '0')}`,
});

/** Such rows behind a term. */
const aheadRows = (home: string, term: number): readonly RowKey[] =>
  Array.from({ length: Math.max(0, termsMax - term) }, (_, index) => aheadRow(home, term + 1 + index));

/**
 * Which region serves which home, by `RegionPromoted`. The highest term counts, whatever order promotions come in; of one term, the
 * promotion with the lower id. A term counts if it is at most {@link termJumpMax} ahead of one that counts: one promotion alone cannot
 * use up the terms of a home.
 *
 * A copy of an event changes nothing here, so a subscriber needs no identity for it.
 */
export const servingRegions: Projection<RingsideEvent> = {
  name: 'ServingRegions',
  tables: [ringTermsTable],
  entity: (event) => (event.type === 'RegionPromoted' ? servingRow(event.data.home) : undefined),
  reads: (event) => {
    if (event.type !== 'RegionPromoted') return [];
    const { home, term } = event.data;
    return [termRow(home, term), aheadRow(home, term), ...aheadRows(home, term)];
  },
  project: (event, rows) => {
    if (event.type !== 'RegionPromoted') return [];
    const { home, term } = event.data;
    const get = (row: RowKey): ServingTerm | undefined => rows.get(row) as ServingTerm | undefined;
    const promoted = servingTermOf(event);
    const serving = get(servingRow(home));
    const known = serving?.term ?? 0;
    if (term > known + termJumpMax) {
      const row = aheadRow(home, term);
      return [{ kind: 'put', ...row, value: earlier(get(row), promoted) }];
    }
    const counts = [earlier(get(termRow(home, term)), promoted)];
    // Those that this one was missing from follow it. None are ahead of a term that is not the highest.
    if (term > known) {
      for (const ahead of aheadRows(home, term).flatMap((row) => get(row) ?? [])) {
        if (ahead.term <= counts.at(-1)!.term + termJumpMax) counts.push(ahead);
      }
    }
    const latest = term >= known ? counts.at(-1)! : serving!;
    return [
      ...counts.map((value) => ({ kind: 'put', ...termRow(home, value.term), value }) as const),
      ...counts.slice(1).map(({ term: came }) => ({ kind: 'delete', ...aheadRow(home, came) }) as const),
      { kind: 'put', ...servingRow(home), value: latest },
    ];
  },
};

const servingTermOf = ({ id, time, data }: RegionPromoted): ServingTerm => ({
  ...{ home: data.home, servedBy: data.servedBy, term: data.term, by: data.by, reason: data.reason },
  ...{ promotedAt: time, eventId: id },
});

const earlier = (known: ServingTerm | undefined, promoted: ServingTerm): ServingTerm =>
  known === undefined || promoted.eventId < known.eventId ? promoted : known;
