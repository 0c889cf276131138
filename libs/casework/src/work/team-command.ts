import type { CommandContext, Refusal } from './case-command.js';
import type { CaseWork } from './case-work.js';
import * as is from './conditions.js';
import { refusal } from './refusal.js';

/** For commands that a team adds to the lifecycle: why this person cannot work on the case now, as for a decision. */
export function whyNotWorked(work: CaseWork, command: CommandContext): Refusal | undefined {
  const whyNotThey = is.caseWorkers(command.by);
  if (whyNotThey !== undefined) return refusal('forbidden', whyNotThey);
  const whyNotNow = is.nobodyElseHolds(work, command) ?? is.clockRuns(work, command);
  return whyNotNow === undefined ? undefined : refusal('wrong_state', whyNotNow);
}
