import type { JsonObject, Projection, RowKey } from '@ringside/core';
import type { RegionPromoted, RingsideEvent } from '@ringside/events';

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
 * Which region serves which home, by `RegionPromoted`. The highest term counts, whatever order promotions come in. Where two regions
 * gave out one term without knowing of each other, all of them take the promotion with the lower id.
 *
 * A copy of an event changes nothing here, so a subscriber needs no identity for it.
 */
export const servingRegions: Projection<RingsideEvent> = {
  name: 'ServingRegions',
  tables: [ringTermsTable],
  entity: (event) => (event.type === 'RegionPromoted' ? servingRow(event.data.home) : undefined),
  reads: (event) => (event.type === 'RegionPromoted' ? [termRow(event.data.home, event.data.term)] : []),
  project: (event, rows) => {
    if (event.type !== 'RegionPromoted') return [];
    const { home, term } = event.data;
    const promoted = servingTermOf(event);
    const ofTerm = earlier(rows.get(termRow(home, term)) as ServingTerm | undefined, promoted);
    const serving = rows.get(servingRow(home)) as ServingTerm | undefined;
    const latest = serving === undefined || serving.term <= term ? ofTerm : serving;
    return [
      { kind: 'put', ...termRow(home, term), value: ofTerm },
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
