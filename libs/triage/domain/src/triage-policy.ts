import type { CaseworkPolicy } from '@ringside/casework';

import { triageRules } from './triage-rules.js';

/** How triage works its cases: it classifies and closes. Whoever owns a reason decides what follows from it. */
export const triagePolicy: CaseworkPolicy = {
  team: triageRules.team,
  leaseMinutes: 30,
  proposalHours: 72,
  strikeDays: 180,
  dueSoonHours: 12,
  clauses: {},
  otherClause: {
    title: 'conduct against the rules of the game',
    provision: 'Rules of the game',
    ground: 'DECISION_GROUND_INCOMPATIBLE_CONTENT',
    category: 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC',
  },
  whyNotHeld: () => undefined,
  needsApproval: () => false,
  suggestedSanctions: () => [],
  sanctionKinds: [],
};
