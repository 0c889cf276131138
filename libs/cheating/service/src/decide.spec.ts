import { caseIdOf } from '@ringside/casework';
import { describeUpholding } from '@ringside/testing';

import { service } from './cheating-team.js';

describeUpholding({
  service,
  team: 'cheating',
  caseIdOf: (subjectId) => caseIdOf('cheating', 'stormfall', subjectId),
  reason: 'aimbot',
  category: 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC',
  clause: 'fair-play/2.1',
});
