import { expect } from '@jest/globals';
import { caseIdOf } from '@ringside/casework';
import { describeBorders } from '@ringside/testing';

import { service } from './cheating-team.js';

describeBorders({
  service,
  team: 'cheating',
  caseIdOf: (subjectId) => caseIdOf('cheating', 'stormfall', subjectId),
  reason: 'aimbot',
  decision: {
    ...{ verdict: 'uphold', clause: 'fair-play/2.1', facts: 'Locks on.' },
    sanctions: [{ kind: 'suspend', durationHours: 72 }],
  },
  work: async ({ command }, reportId) => {
    const window = { reportId, from: '2026-01-31T11:58:20Z', to: '2026-01-31T11:58:24Z', finding: 'Locks on through smoke.' };
    const evidence = { reportIds: [reportId], telemetry: [window], replays: [{ reportId }] };
    expect((await command('assemble-evidence', evidence)).status).toBe(200);
  },
  leadsTo: ['EvidenceAssembled', 'SanctionImposed', 'SanctionReversed'],
});
