import type { CaseProgressed, CaseWeighed, ReportSuppressed, RingsideEvent } from '@ringside/events';

import { concerns, type ReportEvent } from './attachment.js';
import { caseIdOf, type CaseRules } from './case-rules.js';

/** An event of which cases are made. All are on the topic of the reports, with the subject as their key. */
export type CaseChange = ReportEvent | CaseProgressed | CaseWeighed | ReportSuppressed;

export const isReportEvent = (event: CaseChange): event is ReportEvent =>
  event.type === 'ReportFiled' || event.type === 'ReportRerouted';

/** The case that an event changes, for a team; undefined for other events, and for those of other teams. */
export function caseOf(event: RingsideEvent, rules: CaseRules): string | undefined {
  switch (event.type) {
    case 'ReportFiled':
    case 'ReportRerouted':
      return concerns(event, rules.captures) ? caseIdOf(rules.team, event.data.game, event.data.subjectId) : undefined;
    case 'CaseProgressed':
    case 'CaseWeighed':
    case 'ReportSuppressed':
      return event.data.team === rules.team ? caseIdOf(rules.team, event.data.game, event.data.subjectId) : undefined;
    default:
      return undefined;
  }
}
