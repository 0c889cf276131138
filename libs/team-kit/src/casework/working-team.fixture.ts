import { lifecycleOf, type CaseRules, type CaseworkPolicy } from '@ringside/casework';
import { reasonsOf } from '@ringside/events';
import type { ServiceDefinition } from '@ringside/platform';

import { subscriberMicroservices } from '../subscriber.module.js';
import type { Team } from '../team.js';
import { TeamModule } from '../team.module.js';
import { caseworkOf } from './team-casework.js';

const captured: ReadonlySet<string> = new Set(reasonsOf('cheating'));

export const rules: CaseRules = {
  team: 'testing',
  captures: (reason) => captured.has(reason),
  weigh: () => ({ severity: 5, decideWithinHours: 72 }),
};

export const policy: CaseworkPolicy = {
  team: rules.team,
  leaseMinutes: 30,
  proposalHours: 24,
  strikeDays: 365,
  dueSoonHours: 12,
  clauses: {
    'fair-play/2.1': {
      title: 'using software that aims for the player',
      provision: 'Fair play rules, section 2.1',
      ground: 'DECISION_GROUND_INCOMPATIBLE_CONTENT',
      category: 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC',
    },
  },
  otherClause: {
    title: 'conduct against the rules of the game',
    provision: 'Rules of the game',
    ground: 'DECISION_GROUND_INCOMPATIBLE_CONTENT',
    category: 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC',
  },
  whyNotHeld: () => undefined,
  needsApproval: (sanctions) => sanctions.some(({ kind, durationHours }) => kind === 'ban' && durationHours === undefined),
  suggestedSanctions: () => [],
  sanctionKinds: ['warn', 'suspend', 'ban'],
};

/** A team that works its cases with what all teams have, and nothing of its own. */
export const workingTeam: Team = {
  service: 'working-team',
  rules,
  projections: [],
  reactions: [],
  casework: caseworkOf({ policy, decider: lifecycleOf(policy) }),
};

export const workingService: ServiceDefinition = {
  name: workingTeam.service,
  version: '0',
  title: 'A team',
  description: 'For tests.',
  defaultPort: 0,
  access: { kind: 'team', team: rules.team },
  module: ({ placement }) => TeamModule.forTeam(workingTeam, placement),
  microservices: subscriberMicroservices,
};

export const uphold = {
  verdict: 'uphold',
  clause: 'fair-play/2.1',
  facts: 'Tracks heads through smoke.',
  sanctions: [{ kind: 'suspend', durationHours: 24 }],
};
export const permanently = { ...uphold, sanctions: [{ kind: 'ban' }] };
