import type { ServiceDefinition } from '@ringside/platform';
import { subscriberMicroservices, TeamModule, type Team } from '@ringside/team-kit';
import { triageRules } from '@ringside/triage-domain';

import { evidenceFollowsItsReport } from './hand-over-evidence.js';

export const team: Team = {
  service: 'others-triage',
  rules: triageRules,
  projections: [],
  reactions: [evidenceFollowsItsReport],
};

export const service: ServiceDefinition = {
  name: team.service,
  version: '0.1.0',
  title: 'Ringside: others-triage',
  description: 'Cases of players reported for what no team owns, to be classified.',
  defaultPort: 3003,
  access: { kind: 'team', team: team.rules.team },
  module: () => TeamModule.forTeam(team),
  microservices: subscriberMicroservices,
};
