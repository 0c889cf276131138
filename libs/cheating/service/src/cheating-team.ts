import type { ServiceDefinition } from '@ringside/platform';
import { cheatingCase, cheatingPolicy, cheatingRules, playerMetrics } from '@ringside/cheating-domain';
import { caseworkOf, subscriberMicroservices, TeamModule, type Team } from '@ringside/team-kit';

import { AssembleEvidenceController } from './assemble-evidence.controller.js';
import { AssembledEvidenceController } from './assembled-evidence.controller.js';
import { PlayerMetricsController } from './player-metrics.controller.js';

export const team: Team = {
  service: 'cheating-team',
  rules: cheatingRules,
  projections: [playerMetrics],
  reactions: [],
  casework: caseworkOf({ policy: cheatingPolicy, decider: cheatingCase }),
};

export const service: ServiceDefinition = {
  name: team.service,
  version: '0.1.0',
  title: 'Ringside: cheating team',
  description: 'Cases of players reported for cheating, and what is known of them.',
  defaultPort: 3001,
  access: { kind: 'team', team: team.rules.team },
  module: ({ placement }) =>
    TeamModule.forTeam(team, placement, [PlayerMetricsController, AssembleEvidenceController, AssembledEvidenceController]),
  microservices: subscriberMicroservices,
};
