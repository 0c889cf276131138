import type { ServiceDefinition } from '@ringside/platform';
import { caseworkOf, subscriberMicroservices, TeamModule, type Team } from '@ringside/team-kit';
import { reroutingsOf, triageCase, triagePolicy, triageRules, unownedReports, unownedWords } from '@ringside/triage-domain';

import { EmergingReasonsController } from './emerging-reasons.controller.js';
import { evidenceFollowsItsReport } from './hand-over-evidence.js';
import { RerouteController } from './reroute.controller.js';

export const team: Team = {
  service: 'others-triage',
  rules: triageRules,
  projections: [unownedReports, unownedWords],
  reactions: [evidenceFollowsItsReport],
  casework: caseworkOf({ policy: triagePolicy, decider: triageCase, furtherConsequences: reroutingsOf }),
};

export const service: ServiceDefinition = {
  name: team.service,
  version: '0.1.0',
  title: 'Ringside: others-triage',
  description: 'Cases of players reported for what no team owns, to be classified.',
  defaultPort: 3003,
  access: { kind: 'team', team: team.rules.team },
  module: ({ placement }) => TeamModule.forTeam(team, placement, [EmergingReasonsController, RerouteController]),
  microservices: subscriberMicroservices,
};
