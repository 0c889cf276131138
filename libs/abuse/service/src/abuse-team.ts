import { abuseRules } from '@ringside/abuse-domain';
import type { ServiceDefinition } from '@ringside/platform';
import { subscriberMicroservices, TeamModule, type Team } from '@ringside/team-kit';

export const team: Team = { service: 'abuse-team', rules: abuseRules, projections: [], reactions: [] };

export const service: ServiceDefinition = {
  name: team.service,
  version: '0.1.0',
  title: 'Ringside: abuse team',
  description: 'Cases of players reported for abusing others.',
  defaultPort: 3002,
  access: { kind: 'team', team: team.rules.team },
  module: () => TeamModule.forTeam(team),
  microservices: subscriberMicroservices,
};
