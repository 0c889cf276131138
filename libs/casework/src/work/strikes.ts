import type { IsoTime } from '@ringside/core';
import { sanctionKinds, type SanctionImposed, type SanctionKind, type SanctionReversed } from '@ringside/events';

/** A sanction as it is on file: imposed, and perhaps taken back since. */
export type SanctionOnFile = Pick<
  SanctionImposed['data'],
  'sanctionId' | 'team' | 'game' | 'decisionId' | 'kind' | 'from' | 'until' | 'strikeUntil'
> & {
  readonly reversed: { readonly at: IsoTime; readonly because: SanctionReversed['data']['because'] } | null;
};

const stands = ({ from, reversed }: SanctionOnFile, at: IsoTime): boolean =>
  from <= at && (reversed === null || reversed.at > at);

/**
 * How many strikes a player has at a time, over all teams. A decision is one strike, however many sanctions it imposes, until it
 * expires or is taken back.
 */
export function strikesAt(sanctions: readonly SanctionOnFile[], at: IsoTime): number {
  const counting = sanctions.filter((sanction) => stands(sanction, at) && sanction.strikeUntil > at);
  return new Set(counting.map(({ decisionId }) => decisionId)).size;
}

export interface SanctionInForce {
  readonly game: string;
  readonly kind: SanctionKind;
  /** When the last of them ends; null where one of them is permanent. */
  readonly until: IsoTime | null;
  /** All that are in force, of every team, the longest first. */
  readonly imposed: readonly { readonly sanctionId: string; readonly team: string; readonly until: IsoTime | null }[];
}

/**
 * What a player may not do at a time, per game and kind, the gravest kind first. Sanctions of several teams do not add up: the
 * longest tells, and each stays visible. The same sanctions in any order give the same answer, so every region and every game
 * server comes to it by itself. A warning does not last and is not in force.
 */
export function sanctionsInForce(sanctions: readonly SanctionOnFile[], at: IsoTime): readonly SanctionInForce[] {
  const running = sanctions.filter(
    (sanction) => sanction.kind !== 'warn' && stands(sanction, at) && (sanction.until === null || sanction.until > at),
  );
  const alike = new Map<string, SanctionOnFile[]>();
  for (const sanction of running) {
    const which = `${sanction.kind} ${sanction.game}`;
    alike.set(which, [...(alike.get(which) ?? []), sanction]);
  }
  return [...alike.values()]
    .map((same) => same.toSorted(longestFirst))
    .map((same): SanctionInForce => {
      const [{ game, kind, until }] = same as [SanctionOnFile];
      return { game, kind, until, imposed: same.map(({ sanctionId, team, until }) => ({ sanctionId, team, until })) };
    })
    .toSorted(gravestFirst);
}

const gravestFirst = (a: SanctionInForce, b: SanctionInForce): number =>
  compare(a.game, b.game) || sanctionKinds.indexOf(b.kind) - sanctionKinds.indexOf(a.kind);

/** No end is after every end. */
const longestFirst = (a: SanctionOnFile, b: SanctionOnFile): number =>
  compare(b.until ?? '~', a.until ?? '~') || compare(a.sanctionId, b.sanctionId);

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
