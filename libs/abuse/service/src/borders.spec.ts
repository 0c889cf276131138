import { expect } from '@jest/globals';
import { caseIdOf } from '@ringside/casework';
import { describeBorders } from '@ringside/testing';

import { service } from './abuse-team.js';

describeBorders({
  service,
  team: 'abuse',
  caseIdOf: (subjectId) => caseIdOf('abuse', 'stormfall', subjectId),
  reason: 'harassment',
  decision: {
    ...{ verdict: 'uphold', clause: 'conduct/1.1', facts: 'Insults.' },
    sanctions: [{ kind: 'mute', durationHours: 24 }],
  },
  work: async ({ command }, reportId) => {
    for (const message of [-1, 0]) {
      const review = { reportId, message, clause: 'conduct/1.1', severity: 5 };
      expect((await command('review-message', review)).status).toBe(200);
    }
  },
  leadsTo: ['MessageReviewed', 'SanctionImposed', 'SanctionReversed'],
});
