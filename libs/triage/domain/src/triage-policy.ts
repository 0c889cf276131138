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
  whyNotHeld: () => undefined,
  whyNotSanctioned: (sanctions) =>
    sanctions.length === 0 ? undefined : 'Triage imposes nothing: reroute the reports to the team that owns the reason.',
  needsApproval: () => false,
  suggestedSanctions: () => [],
  sanctionKinds: [],
};
