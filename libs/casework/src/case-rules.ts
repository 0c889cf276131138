import { naturalId } from '@ringside/core';

import type { ReportingPolicy } from './reporting-policy.js';

/** How much a reason weighs for the team that captures it. */
export interface ReasonWeight {
  /** 1 (a nuisance) to 10 (a danger to somebody). */
  readonly severity: number;
  /** An open report of this reason is to be decided this many hours after it was filed. */
  readonly decideWithinHours: number;
  /** Somebody has to have taken the case on so many hours after it was filed; half of the time for deciding where absent. */
  readonly acknowledgeWithinHours?: number;
  /** A danger to life or to a child: its cases come before all others in every list by priority, and cannot be held. */
  readonly first?: true;
}

/** What a team says about its own cases. A value, not a subclass: nothing here knows which teams there are. */
export interface CaseRules {
  /** The team's name, as in `case.team`. */
  readonly team: string;
  /** Whether a report with this reason is this team's. Reasons that this version does not know must be answered too. */
  readonly captures: (reason: string) => boolean;
  readonly weigh: (reason: string) => ReasonWeight;
  /** What it makes of how players report; `reportingPolicyDefaults` where absent. */
  readonly reporting?: ReportingPolicy;
}

/** Ids computed lately: each event asks for its case several times, and reports about one subject come in clusters. */
const recentIds = new Map<string, string>();
const recentIdsMax = 10_000;

/** One case per team, game and subject: the same id wherever and whenever it is computed. */
export function caseIdOf(team: string, game: string, subjectId: string): string {
  const name = `${team}\0${game}\0${subjectId}`;
  const recent = recentIds.get(name);
  if (recent !== undefined) return recent;
  if (recentIds.size === recentIdsMax) recentIds.clear();
  const caseId = naturalId('case', team, game, subjectId);
  recentIds.set(name, caseId);
  return caseId;
}
