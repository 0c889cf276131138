import { reportingPolicyDefaults, type CaseRules } from '@ringside/casework';
import type { ServiceDefinition } from '@ringside/platform';

import { subscriberMicroservices } from './subscriber.module.js';
import { TeamModule } from './team.module.js';

export const rules: CaseRules = {
  team: 'testing',
  captures: () => true,
  weigh: (reason) => ({ severity: 4, decideWithinHours: 72, ...(reason === 'self_harm' && { first: true as const }) }),
  reporting: { ...reportingPolicyDefaults, dailyReportsMax: 5, standingOutcomesMin: 6, outcomesAfterWarning: 2 },
};

/** A team that shows its cases and takes no commands: whoever works on them does so by events. */
export const readingService: ServiceDefinition = {
  name: 'testing-team',
  version: '0.1.0',
  title: 'Testing',
  description: 'Cases that nobody here works on.',
  defaultPort: 0,
  access: { kind: 'team', team: rules.team },
  module: ({ placement }) => TeamModule.forTeam({ service: 'testing-team', rules, projections: [], reactions: [] }, placement),
  microservices: subscriberMicroservices,
};
