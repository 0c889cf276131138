import type { CaseBackground, SanctionOrder } from '@ringside/casework';
import { sanctionKinds } from '@ringside/events';

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

/** A decider may go so many rungs above the suggestion, and as far below it as the case deserves. */
const rungsAbove = 2;

/** Each strike is one rung; of several open reasons, the gravest tells. */
function rungFor({ openReports, priorStrikes }: CaseBackground): number {
  const first = openReports.map(({ reason }) => firstRungs[reason] ?? firstRungOfOthers);
  return Math.min(Math.max(0, ...first) + priorStrikes, rungs.length - 1);
}

const rungAt = (index: number): SanctionOrder => rungs[Math.min(index, rungs.length - 1)]!;

export const suggestedSanctions = (background: CaseBackground): readonly SanctionOrder[] => [rungAt(rungFor(background))];

const isPermanentBan = ({ kind, durationHours }: SanctionOrder): boolean => kind === 'ban' && durationHours === undefined;

export const hasPermanentBan = (sanctions: readonly SanctionOrder[]): boolean => sanctions.some(isPermanentBan);

function isGraver(a: SanctionOrder, b: SanctionOrder): boolean {
  const kinds = sanctionKinds.indexOf(a.kind) - sanctionKinds.indexOf(b.kind);
  return kinds === 0 ? (a.durationHours ?? Infinity) > (b.durationHours ?? Infinity) : kinds > 0;
}

const inWords = ({ kind, durationHours }: SanctionOrder): string => {
  if (durationHours !== undefined) return `${kind} for ${durationHours} hours`;
  return kind === 'ban' ? 'ban for ever' : kind;
};

/** Why the ladder does not reach these sanctions, as a sentence; undefined where it does. */
export function whyNotSanctioned(sanctions: readonly SanctionOrder[], background: CaseBackground): string | undefined {
  const limit = rungAt(rungFor(background) + rungsAbove);
  const beyond = sanctions.find((sanction) => isGraver(sanction, limit));
  if (beyond === undefined) return undefined;
  const { priorStrikes } = background;
  const strikes = priorStrikes === 1 ? '1 strike' : `${priorStrikes} strikes`;
  return `With ${strikes} and these reports the gravest sanction is: ${inWords(limit)}. Escalate the case if it deserves more.`;
}
