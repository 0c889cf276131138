import { servingRegions } from '@ringside/data-ring';
import { reportsTopic, ringTopic, topics } from '@ringside/events';
import { caseStandings, reportStatuses } from '@ringside/intake-domain';
import type { Subscriber } from '@ringside/team-kit';
import { appealClaimTable } from './file-appeal.js';
import { idempotencyKeyTable } from './file-report.js';

export const serviceName = 'report-intake';

/** Intake reads back what it wrote, so that a reporter can follow a report whichever instance took it. */
export const reportSubscriber: Subscriber = {
  name: serviceName,
  topics: [reportsTopic.topic, ringTopic.topic],
  projections: [reportStatuses, caseStandings, servingRegions],
  reactions: [],
  // Nobody waits for this view but a reporter who looks: intake's processor time belongs to the reports that come in.
  lingerMs: 50,
  needs: { topics: topics.map(({ topic }) => topic), tables: [idempotencyKeyTable, appealClaimTable] },
};
