import { abuseCase, abusePolicy, abuseRules } from '@ringside/abuse-domain';
import type { ServiceDefinition } from '@ringside/platform';
import { caseworkOf, subscriberMicroservices, TeamModule, type Team } from '@ringside/team-kit';

import { ReviewMessageController } from './review-message.controller.js';
import { ReviewsController } from './reviews.controller.js';

export const team: Team = {
  service: 'abuse-team',
  rules: abuseRules,
  projections: [],
  reactions: [],
  casework: caseworkOf({ policy: abusePolicy, decider: abuseCase }),
};

export const service: ServiceDefinition = {
  name: team.service,
  version: '0.1.0',
  title: 'Ringside: abuse team',
  description: 'Cases of players reported for abusing others.',
  defaultPort: 3002,
  access: { kind: 'team', team: team.rules.team },
  module: ({ placement }) => TeamModule.forTeam(team, placement, [ReviewMessageController, ReviewsController]),
  microservices: subscriberMicroservices,
};
