import type { CaseRules, ReasonWeight } from '@ringside/casework';
import { isOwned } from '@ringside/events';

const weights: Readonly<Record<string, ReasonWeight>> = {
  griefing: { severity: 3, decideWithinHours: 168 },
  other: { severity: 4, decideWithinHours: 72 },
};

/** A reason that nobody knows may be anything: it is looked at before "other". */
const unknown: ReasonWeight = { severity: 5, decideWithinHours: 48 };

/** Whatever no team owns, and whatever nobody knows. */
export const triageRules: CaseRules = {
  team: 'others-triage',
  captures: (reason) => !isOwned(reason),
  weigh: (reason) => weights[reason] ?? unknown,
};
