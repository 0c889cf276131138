import type { CaseBackground, SanctionOrder } from '@ringside/casework';

/** From the mildest to the gravest. A ban without hours is permanent. */
const rungs: readonly SanctionOrder[] = [
  { kind: 'warn' },
  { kind: 'suspend', durationHours: 24 },
  { kind: 'suspend', durationHours: 168 },
  { kind: 'suspend', durationHours: 720 },
  { kind: 'ban', durationHours: 4_380 },
  { kind: 'ban' },
];

/** Where a player without strikes begins, by reason: what decides matches begins higher than what cheapens a rank. */
const firstRungs: Readonly<Record<string, number>> = {
  aimbot: 3,
  wallhack: 3,
  speedhack: 3,
  spam: 3,
  macro: 1,
  boosting: 1,
  account_sharing: 0,
};
const firstRungOfOthers = 1;

/** Each strike is one rung; of several open reasons, the gravest tells. */
function rungFor({ openReports, priorStrikes }: CaseBackground): number {
  const first = openReports.map(({ reason }) => firstRungs[reason] ?? firstRungOfOthers);
  return Math.min(Math.max(0, ...first) + priorStrikes, rungs.length - 1);
}

/** A suggestion: whoever decides knows more of the case than its strikes and reasons. */
export const suggestedSanctions = (background: CaseBackground): readonly SanctionOrder[] => [rungs[rungFor(background)]!];

/** A year. A longer ban outlives most games: it takes four eyes as one without an end does. */
const lastingHours = 8_760;

const isLastingBan = ({ kind, durationHours = Infinity }: SanctionOrder): boolean =>
  kind === 'ban' && durationHours > lastingHours;

export const hasLastingBan = (sanctions: readonly SanctionOrder[]): boolean => sanctions.some(isLastingBan);
