import { expect } from '@jest/globals';
import { caseIdOf } from '@ringside/casework';
import { describeBorders } from '@ringside/testing';

import { service } from './others-triage.js';

describeBorders({
  service,
  team: 'others-triage',
  caseIdOf: (subjectId) => caseIdOf('others-triage', 'stormfall', subjectId),
  reason: 'griefing',
  decision: { verdict: 'dismiss', facts: 'A matter of taste.' },
  work: async ({ command }, reportId) => {
    expect((await command('reroute', { reason: 'aimbot', reportIds: [reportId] })).status).toBe(200);
  },
  leadsTo: ['CaseReportsRerouted', 'ReportRerouted'],
});
