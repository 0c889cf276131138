import type { CaseRules, ReasonWeight } from '@ringside/casework';
import { reasonsOf } from '@ringside/events';

const captured: ReadonlySet<string> = new Set(reasonsOf('cheating'));

/** Severity by how much a cheat spoils the match for everybody else in it; deadlines follow from it. */
const weights: Readonly<Record<string, ReasonWeight>> = {
  aimbot: { severity: 8, decideWithinHours: 72 },
  wallhack: { severity: 8, decideWithinHours: 72 },
  speedhack: { severity: 7, decideWithinHours: 72 },
  macro: { severity: 4, decideWithinHours: 168 },
  boosting: { severity: 3, decideWithinHours: 168 },
  account_sharing: { severity: 2, decideWithinHours: 336 },
  spam: { severity: 3, decideWithinHours: 168 },
};

/** For a reason that the contract gives to this team and that is not weighed here yet. */
const unweighed: ReasonWeight = { severity: 5, decideWithinHours: 168 };

export const cheatingRules: CaseRules = {
  team: 'cheating',
  captures: (reason) => captured.has(reason),
  weigh: (reason) => weights[reason] ?? unweighed,
};
