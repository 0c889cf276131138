import { reasonsOf } from '@ringside/events';

import { caseIdOf, type CaseRules } from './case-rules.js';

const captured = new Set<string>(reasonsOf('cheating'));

/** A team that captures what the cheating team does, and weighs every reason the same. */
export const rules: CaseRules = {
  team: 'cheating',
  captures: (reason) => captured.has(reason),
  weigh: () => ({ severity: 5, decideWithinHours: 24 }),
};

/** A case of it, and its id. */
export const of = { team: 'cheating', game: 'stormfall', subjectId: 'subject-1' };
export const caseId = caseIdOf(of.team, of.game, of.subjectId);
