import { caseIdOf } from '@ringside/casework';
import { describeUpholding } from '@ringside/testing';

import { service } from './abuse-team.js';

describeUpholding({
  service,
  team: 'abuse',
  caseIdOf: (subjectId) => caseIdOf('abuse', 'stormfall', subjectId),
  reason: 'harassment',
  category: 'STATEMENT_CATEGORY_CYBER_VIOLENCE',
  clause: 'conduct/1.1',
});
