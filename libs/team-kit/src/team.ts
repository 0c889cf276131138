import type { Projection } from '@ringside/core';
import {
  appealsFiled,
  appealsOnFile,
  caseFiles,
  caseOf,
  caseSteps,
  caseTables,
  evidenceOnFile,
  filedReports,
  playerSanctions,
  type CaseRules,
  type CaseworkPolicy,
} from '@ringside/casework';
import { servingRegions } from '@ringside/data-ring';
import {
  appealsTopic,
  casesTopic,
  reportEvidenceTopic,
  reportersTopic,
  reportsTopic,
  ringTopic,
  sanctionsTopic,
  type RingsideEvent,
} from '@ringside/events';

import { bulkResultsTable } from './bulk/bulk-results.js';
import { openBulksTable } from './bulk/open-bulks.js';
import { restorationsTable } from './casework/restorations.js';
import type { AnyCaseAggregate } from './commands/aggregate.js';
import { intentsTable } from './commands/intents.js';
import { publicationsTable } from './commands/publications.js';
import { countReports } from './reactions/count-reports.js';
import { applyStanding, judgeReporters, weighByStrikes } from './reactions/judge-reporters.js';
import { reverseSuperseded } from './reactions/reverse-superseded.js';
import type { Reaction, Subscriber } from './subscriber.js';

/** A functional team, as it hands itself to the kit. */
export interface Team {
  /** Name of its service, its subscription and its checkpoints: `cheating-team`. */
  readonly service: string;
  /** Which reports it captures, and how much they weigh. */
  readonly rules: CaseRules;
  /** Views of its own, beside the cases that every team has. */
  readonly projections: readonly Projection<RingsideEvent>[];
  readonly reactions: readonly Reaction[];
  /** How its cases are worked: what its commands decide and publish. Absent where nobody works on them. */
  readonly casework?: TeamCasework;
}

export interface TeamCasework {
  readonly policy: CaseworkPolicy;
  readonly aggregate: AnyCaseAggregate;
}

/** What a team hears besides, where it works on its cases. */
const caseworkTopics = [appealsTopic.topic];

/** What the steps of cases are published to, with their consequences. */
const publishedTopics = [casesTopic.topic, reportsTopic.topic, sanctionsTopic.topic, reportersTopic.topic];

const caseworkTables = [intentsTable, publicationsTable, bulkResultsTable, openBulksTable, restorationsTable];

/**
 * What a team hears: reports with all that is said of them, evidence, its cases' steps, every team's sanctions, standings, and which
 * region works whose cases.
 */
const teamTopics = [reportsTopic, reportEvidenceTopic, casesTopic, sanctionsTopic, reportersTopic, ringTopic].map(
  ({ topic }) => topic,
);

/** The team as a subscriber: it hears all of it, and keeps what is its own. */
export const subscriberOf = ({ service, rules, projections, reactions, casework }: Team): Subscriber => ({
  name: service,
  topics: [...teamTopics, ...(casework === undefined ? [] : caseworkTopics)],
  projections: [
    caseFiles(rules),
    filedReports(rules),
    evidenceOnFile(rules),
    caseSteps(rules),
    playerSanctions,
    servingRegions,
    ...(casework === undefined ? [] : [appealsFiled, appealsOnFile(rules)]),
    ...projections,
  ],
  identity: (event) => {
    const caseId = caseOf(event, rules);
    return caseId === undefined ? undefined : { table: caseTables.cases, partition: caseId };
  },
  reactions: [
    countReports(rules),
    judgeReporters(rules),
    applyStanding(rules),
    weighByStrikes(rules),
    ...(casework === undefined ? [] : [reverseSuperseded(rules)]),
    ...reactions,
  ],
  ...(casework === undefined ? {} : { needs: { topics: publishedTopics, tables: caseworkTables } }),
});
