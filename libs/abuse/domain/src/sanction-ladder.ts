import type { SanctionOrder } from '@ringside/casework';
import { sanctionKinds } from '@ringside/events';

/** What was done to somebody, and how often it was done before. */
export interface Gravity {
  /** 0 (harmless) to 10 (a danger to somebody). */
  readonly severity: number;
  /** Strikes against the player that count now. */
  readonly priorStrikes: number;
}

/** From the mildest to the gravest: words are answered by silence before the game itself is closed to anybody. */
const rungs: readonly SanctionOrder[] = [
  { kind: 'warn' },
  { kind: 'mute', durationHours: 24 },
  { kind: 'mute', durationHours: 168 },
  { kind: 'suspend', durationHours: 72 },
  { kind: 'suspend', durationHours: 336 },
  { kind: 'suspend', durationHours: 720 },
  { kind: 'ban' },
];

/** A decider may go so many rungs above the suggestion, and as far below it as the case deserves. */
const rungsAbove = 2;

/** Where a player without strikes begins. */
function firstRung(severity: number): number {
  if (severity >= 10) return 6;
  if (severity >= 9) return 5;
  if (severity >= 7) return 3;
  return severity >= 4 ? 1 : 0;
}

const rungFor = ({ severity, priorStrikes }: Gravity): number => firstRung(severity) + priorStrikes;
const rungAt = (index: number): SanctionOrder => rungs[Math.min(index, rungs.length - 1)]!;

export const ladderFor = (gravity: Gravity): readonly SanctionOrder[] => [rungAt(rungFor(gravity))];

export const isPermanentBan = ({ kind, durationHours }: SanctionOrder): boolean =>
  kind === 'ban' && durationHours === undefined;

function isGraver(a: SanctionOrder, b: SanctionOrder): boolean {
  const kinds = sanctionKinds.indexOf(a.kind) - sanctionKinds.indexOf(b.kind);
  return kinds === 0 ? (a.durationHours ?? Infinity) > (b.durationHours ?? Infinity) : kinds > 0;
}

const inWords = ({ kind, durationHours }: SanctionOrder): string => {
  if (durationHours !== undefined) return `${kind} for ${durationHours} hours`;
  return kind === 'ban' ? 'ban for ever' : kind;
};

/** Why the ladder does not reach these sanctions, as a sentence; undefined where it does. */
export function whyBeyondLadder(sanctions: readonly SanctionOrder[], gravity: Gravity): string | undefined {
  const limit = rungAt(rungFor(gravity) + rungsAbove);
  if (!sanctions.some((sanction) => isGraver(sanction, limit))) return undefined;
  const { severity, priorStrikes } = gravity;
  const strikes = priorStrikes === 1 ? '1 strike' : `${priorStrikes} strikes`;
  return `For severity ${severity} and ${strikes} the gravest sanction is: ${inWords(limit)}. Escalate the case if it deserves more.`;
}
