import type { SanctionOrder } from '@ringside/casework';

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

/** Where a player without strikes begins. */
function firstRung(severity: number): number {
  if (severity >= 10) return 6;
  if (severity >= 9) return 5;
  if (severity >= 7) return 3;
  return severity >= 4 ? 1 : 0;
}

/** A suggestion: each strike is one rung. Whoever decides knows more of the case than that. */
export const ladderFor = ({ severity, priorStrikes }: Gravity): readonly SanctionOrder[] => [
  rungs[Math.min(firstRung(severity) + priorStrikes, rungs.length - 1)]!,
];
