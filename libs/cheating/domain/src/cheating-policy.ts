import type { CaseworkPolicy, Clause } from '@ringside/casework';

import { cheatingRules } from './cheating-rules.js';
import { hasLastingBan, suggestedSanctions } from './sanction-ladder.js';

/** Cheating breaks the contract, not a law, and the database has no category of its own for it. */
const unfair = (title: string, provision = 'Fair play rules'): Clause => ({
  title,
  provision,
  ground: 'DECISION_GROUND_INCOMPATIBLE_CONTENT',
  category: 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC',
});

const fairPlay = (section: string, title: string): Clause => unfair(title, `Fair play rules, section ${section}`);

export const cheatingClauses: Readonly<Record<string, Clause>> = {
  'fair-play/2.1': fairPlay('2.1', 'using software that aims or reacts for the player'),
  'fair-play/2.2': fairPlay('2.2', 'using software that shows what the game hides'),
  'fair-play/2.3': fairPlay('2.3', 'moving or acting faster than the game allows'),
  'fair-play/2.4': fairPlay('2.4', 'playing by macros or scripted input'),
  'fair-play/3.1': fairPlay('3.1', 'manipulating ranks, for oneself or for others'),
  'fair-play/3.2': fairPlay('3.2', 'sharing, selling or buying an account'),
  'fair-play/4.1': {
    ...fairPlay('4.1', 'running accounts that a program plays or that exist to advertise'),
    category: 'STATEMENT_CATEGORY_SCAMS_AND_FRAUD',
  },
};

/** How the cheating team works its cases. */
export const cheatingPolicy: CaseworkPolicy = {
  team: cheatingRules.team,
  leaseMinutes: 30,
  proposalHours: 72,
  strikeDays: 365,
  dueSoonHours: 12,
  clauses: cheatingClauses,
  otherClause: unfair('gaining an unfair advantage over others'),
  whyNotHeld: () => undefined,
  needsApproval: hasLastingBan,
  suggestedSanctions,
  // A mute is for accounts that advertise.
  sanctionKinds: ['warn', 'mute', 'suspend', 'ban'],
};
