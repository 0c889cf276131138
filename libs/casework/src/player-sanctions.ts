import type { IsoTime, JsonObject, Projection, RowKey } from '@ringside/core';
import type { RingsideEvent, SanctionImposed, SanctionReversed } from '@ringside/events';

import { put } from './case-rows.js';
import type { ShownState } from './decision-steps.js';
import type { SanctionOnFile } from './work/strikes.js';

/** Partition = player, key = sanction: what any team imposed on this player, and what was taken back. From the topic `sanctions`. */
export const playerSanctionsTable = 'player_sanctions';

type SanctionEvent = SanctionImposed | SanctionReversed;

const sanctionRow = ({ data }: SanctionEvent): RowKey => ({
  table: playerSanctionsTable,
  partition: data.playerId,
  key: data.sanctionId,
});

/** Either half may come first. */
export interface SanctionRow {
  readonly imposed: SanctionImposed['data'] | null;
  /** Of the event that imposed it: what reverses it derives its own id from this one. */
  readonly imposedBy: string | null;
  readonly reversed: { readonly at: IsoTime; readonly because: SanctionReversed['data']['because'] } | null;
}

const isSanctionEvent = (event: RingsideEvent): event is SanctionEvent =>
  event.type === 'SanctionImposed' || event.type === 'SanctionReversed';

/** The sanctions of all teams, so that each of them sees a player's strikes and what is in force. */
export const playerSanctions: Projection<RingsideEvent> = {
  name: 'PlayerSanctions',
  tables: [playerSanctionsTable],
  entity: (event) => (isSanctionEvent(event) ? sanctionRow(event) : undefined),
  project: (event, rows) => {
    if (!isSanctionEvent(event)) return [];
    const row = sanctionRow(event);
    const before = (rows.get(row) as unknown as SanctionRow | undefined) ?? nothing;
    return [put(row, event.type === 'SanctionImposed' ? imposedIn(before, event) : reversedIn(before, event))];
  },
};

const nothing: SanctionRow = { imposed: null, imposedBy: null, reversed: null };

const imposedIn = ({ reversed }: SanctionRow, { id, data }: SanctionImposed): SanctionRow => ({
  imposed: data,
  imposedBy: id,
  reversed,
});

/** A sanction is taken back once; should two events say so, the first one tells. */
function reversedIn(before: SanctionRow, { time: at, data: { because } }: SanctionReversed): SanctionRow {
  const { reversed } = before;
  const isFirst = reversed === null || at < reversed.at || (at === reversed.at && because < reversed.because);
  return { ...before, reversed: isFirst ? { at, because } : reversed };
}

/** A sanction that stands, and the event that imposed it. */
export interface StandingSanction {
  readonly imposed: SanctionImposed['data'];
  readonly imposedBy: string;
}

/** Of one case, what nobody has taken back. */
export const standingSanctionsOf = (caseId: string, rows: readonly JsonObject[]): readonly StandingSanction[] =>
  (rows as unknown as readonly SanctionRow[]).flatMap(({ imposed, imposedBy, reversed }) =>
    imposed?.caseId === caseId && imposedBy !== null && reversed === null ? [{ imposed, imposedBy }] : [],
  );

/** A sanction with the case that it came of. */
export type PlayerSanction = SanctionOnFile & Pick<SanctionImposed['data'], 'caseId' | 'clause'>;

/** The sanctions in rows of {@link playerSanctionsTable}. One that was taken back before it came is not there yet. */
export const sanctionsIn = (rows: readonly JsonObject[]): readonly PlayerSanction[] =>
  (rows as unknown as readonly SanctionRow[]).flatMap(({ imposed, reversed }) => {
    if (imposed === null) return [];
    const { playerId: _player, caseVersion: _version, ...sanction } = imposed;
    return [{ ...sanction, reversed }];
  });

/** Keys of what one decision imposed: its id, a dot and a number. */
export const sanctionKeysOf = (decisionId: string): { readonly from: string; readonly to: string } => ({
  from: `${decisionId}.`,
  to: `${decisionId}/`, // "/" follows "."
});

/** Keys of what a case imposed: those of its decisions begin with its id and a dot. */
export const sanctionsOfCase = (caseId: string): { readonly from: string; readonly to: string } => sanctionKeysOf(caseId);

/** Whether the rows of a decision that sanctions have come as far as the decision: imposed, and taken back once it is. */
export function haveSanctions(rows: readonly JsonObject[], state: ShownState): boolean {
  // What a superseded one imposed may have been nothing, and is reversed in the region that works the case now.
  if (state === 'proposed' || state === 'rejected' || state === 'superseded') return true;
  const sanctions = rows as unknown as readonly SanctionRow[];
  const isThere = ({ imposed, reversed }: SanctionRow) => imposed !== null && (state === 'in_effect' || reversed !== null);
  return sanctions.length > 0 && sanctions.every(isThere);
}

/** How much is known of a player's sanctions: rises with each event about one. */
export const factsIn = (rows: readonly JsonObject[]): number =>
  (rows as unknown as readonly SanctionRow[]).reduce(
    (facts, { imposed, reversed }) => facts + Number(imposed !== null) + Number(reversed !== null),
    0,
  );
