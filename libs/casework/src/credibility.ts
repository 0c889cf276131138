import { isoTime, type IsoTime } from '@ringside/core';
import { bySystem, credibilityMax, credibilityMin, type ReporterStandingChanged } from '@ringside/events';

import { credibilityNeutral, type Outcome } from './counting.js';
import type { ReporterStanding } from './reporters.js';
import type { ReportingPolicy } from './reporting-policy.js';

/**
 * How far a reporter is believed, in hundredths, by the share of their decided reports that were founded. Smoothed as if one more
 * had been founded and one more not: half of them founded is neutral, and few reports lead less far than many.
 */
export function credibilityOf(founded: number, decided: number): number {
  const share = (founded + 1) / (decided + 2);
  const [low, span] =
    share < 0.5
      ? [credibilityMin, credibilityNeutral - credibilityMin]
      : [credibilityNeutral, credibilityMax - credibilityNeutral];
  return Math.round(low + span * 2 * (share < 0.5 ? share : share - 0.5));
}

/** By reason, where enough was decided to tell and it is not neutral. */
export function credibilitiesOf(
  outcomes: readonly Outcome[],
  { credibilityOutcomesMin }: ReportingPolicy,
): Readonly<Record<string, number>> {
  const byReason = new Map<string, { decided: number; founded: number }>();
  for (const { reason, founded } of outcomes) {
    const known = byReason.get(reason) ?? { decided: 0, founded: 0 };
    byReason.set(reason, { decided: known.decided + 1, founded: known.founded + Number(founded) });
  }
  return Object.fromEntries(
    [...byReason]
      .filter(([, { decided }]) => decided >= credibilityOutcomesMin)
      .map(([reason, { founded, decided }]) => [reason, credibilityOf(founded, decided)] as const)
      .filter(([, credibility]) => credibility !== credibilityNeutral)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** How a reporter stands at a time: a suppression ends by itself, and leaves a warning. */
export function standingAt(known: ReporterStanding | undefined, at: IsoTime): ReporterStanding['standing'] {
  if (known === undefined) return 'good';
  return known.standing === 'suppressed' && known.until !== null && known.until <= at ? 'warned' : known.standing;
}

/** Whether what a reporter files at a time is left out of the count. */
export const isReporterSuppressed = (known: ReporterStanding | undefined, at: IsoTime): boolean =>
  known?.standing === 'suppressed' && known.since! <= at && at < known.until!;

type Standing = Omit<ReporterStandingChanged['data'], 'reporterId' | 'team'>;

/** A credibility that moved by less is not said again: each time it is, open cases are weighed anew. */
const tellingChange = 5;

/**
 * What becomes of a reporter's standing with these outcomes, their latest; undefined where nothing worth saying changes. Mostly
 * unfounded reports lead to a warning; unfounded ones that are filed after it, to suppression for a time. It gets better when the reports do, and a
 * lead restores it ({@link restoredStanding}).
 */
export function standingAfter(
  known: ReporterStanding | undefined,
  outcomes: readonly Outcome[],
  { policy, at }: { readonly policy: ReportingPolicy; readonly at: IsoTime },
): Standing | undefined {
  const decided = outcomes.length;
  const unfounded = outcomes.filter(({ founded }) => !founded).length;
  const isPoor = decided >= policy.standingOutcomesMin && unfounded >= decided * policy.unfoundedShare;
  const current = standingAt(known, at);
  const begun = sinceWhen(known, current);
  const goesOn = outcomes.filter(({ founded, filedAt }) => !founded && begun !== null && filedAt > begun).length;
  const standing = nextStanding(current, isPoor, goesOn >= policy.outcomesAfterWarning);
  const credibility = credibilitiesOf(outcomes, policy);
  if (standing === current && !isTelling(known?.credibility ?? {}, credibility)) return undefined;
  const said = { decided, unfounded, credibility, by: bySystem };
  const revision = (known?.revision ?? 0) + 1;
  if (standing === current) return { revision, standing, since: begun, until: untilOf(known, current), ...said };
  const until = standing === 'suppressed' ? isoTime(Date.parse(at) + policy.suppressionDays * 86_400_000) : null;
  return { revision, standing, since: standing === 'good' ? null : at, until, ...said };
}

/** Since when a reporter stands so: a warning that a suppression left begins when that ended. */
function sinceWhen(known: ReporterStanding | undefined, current: Standing['standing']): IsoTime | null {
  if (known === undefined || current === 'good') return null;
  return known.standing === current ? known.since : known.until;
}

const untilOf = (known: ReporterStanding | undefined, current: Standing['standing']): IsoTime | null =>
  current === 'suppressed' ? (known?.until ?? null) : null;

function nextStanding(current: Standing['standing'], isPoor: boolean, goesOn: boolean): Standing['standing'] {
  if (current === 'suppressed') return 'suppressed';
  if (!isPoor) return 'good';
  return current === 'warned' && goesOn ? 'suppressed' : 'warned';
}

function isTelling(before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>): boolean {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].some((reason) => {
    const [was, is] = [before[reason] ?? credibilityNeutral, after[reason] ?? credibilityNeutral];
    return Math.abs(is - was) >= tellingChange || (is === credibilityNeutral) !== (was === credibilityNeutral);
  });
}

/** A lead restores a reporter's standing: reports that were left out because of it count again. */
export const restoredStanding = (known: ReporterStanding, by: string): Standing => {
  const { revision, decided, unfounded, credibility } = known;
  return { revision: revision + 1, standing: 'good', since: null, until: null, decided, unfounded, credibility, by };
};
