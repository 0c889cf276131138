import { servingRegions } from '@ringside/data-ring';
import { appealsTopic, reportEvidenceTopic, reportsTopic, ringTopic } from '@ringside/events';
import { caseStandings, reportStatuses } from '@ringside/intake-domain';
import type { Subscriber } from '@ringside/team-kit';
import { appealClaimTable } from './file-appeal.js';
import { idempotencyKeyTable } from './idempotency-keys.js';

export const serviceName = 'report-intake';

/** What is filed: reports, what was written in them, and appeals. */
const publishedTopics = [reportsTopic, reportEvidenceTopic, appealsTopic].map(({ topic }) => topic);

/** Intake reads back what it wrote, so that a reporter can follow a report whichever instance took it. */
export const reportSubscriber: Subscriber = {
  name: serviceName,
  topics: [reportsTopic.topic, ringTopic.topic],
  projections: [reportStatuses, caseStandings, servingRegions],
  reactions: [],
  // Nobody waits for this view but a reporter who looks: intake's processor time belongs to the reports that come in.
  lingerMs: 50,
  needs: { topics: publishedTopics, tables: [idempotencyKeyTable, appealClaimTable] },
};
