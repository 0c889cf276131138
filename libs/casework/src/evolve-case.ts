import type { CaseProgressed } from '@ringside/events';

import { applyToReports } from './apply-change.js';
import { isReportEvent, type CaseChange } from './case-events.js';
import { statusOf, type CaseFile } from './case-file.js';
import type { CaseRows } from './case-rows.js';
import { caseIdOf, type CaseRules } from './case-rules.js';
import { recount, reweigh } from './counting.js';

/** What one event makes of a case: its rows, and the reports of which it may have changed what they count for. */
export interface Evolved {
  readonly file: CaseFile;
  readonly affected: readonly string[];
}

/** The case after an event. Depends on the set of events alone, not on their order. */
export function evolveCase(rows: CaseRows, event: CaseChange, rules: CaseRules): Evolved {
  const before = rows.file();
  const { touched, decisions, terms } = applyToReports(rows, event, rules);
  const { counted, affected } = recount(rows, touched, before, decisions);
  const weighed =
    event.type === 'CaseWeighed' && event.data.reporter !== undefined
      ? reweigh(rows, counted, { ...event.data.reporter, revision: event.data.revision })
      : counted;
  const { reportCount, distinctReporters, reasons, open } = weighed;
  const { streamVersion, claim, acknowledgedAt, heldSince, pausedMs, escalated } = stepsAfter(before, event);
  const { firstReportedAt, lastReportedAt } = reportedAt(before, event);
  // Field by field, and not put together from parts: a report changes a case, and this is done for each of them.
  const file: CaseFile = {
    caseId: before?.caseId ?? caseIdOf(rules.team, event.data.game, event.data.subjectId),
    team: rules.team,
    game: event.data.game,
    subjectId: event.data.subjectId,
    homeRegion: homeRegionAfter(before, event),
    status: statusOf({ open, claim }),
    revision: (before?.revision ?? 0) + 1,
    streamVersion,
    reportCount,
    distinctReporters,
    reasons,
    open,
    firstReportedAt,
    lastReportedAt,
    strikes: strikesAfter(before, event),
    claim,
    acknowledgedAt,
    heldSince,
    pausedMs,
    escalated,
    decisions,
  };
  const withTerms = terms === undefined ? file : { ...file, terms };
  rows.set('case', withTerms);
  return { file: withTerms, affected };
}

function homeRegionAfter(before: CaseFile | undefined, event: CaseChange): string {
  const homeRegion = homeRegionIn(event);
  return homeRegion === undefined ? (before?.homeRegion ?? '') : earlier(before?.homeRegion, homeRegion);
}

function homeRegionIn(event: CaseChange): string | undefined {
  if (isReportEvent(event)) return event.data.subjectHomeRegion;
  return event.type === 'CaseProgressed' ? event.data.homeRegion : undefined;
}

function reportedAt(before: CaseFile | undefined, event: CaseChange): Pick<CaseFile, 'firstReportedAt' | 'lastReportedAt'> {
  const { firstReportedAt = null, lastReportedAt = null } = before ?? {};
  if (!isReportEvent(event)) return { firstReportedAt, lastReportedAt };
  const { filedAt } = event.data;
  return { firstReportedAt: earlier(firstReportedAt, filedAt), lastReportedAt: later(lastReportedAt, filedAt) };
}

function strikesAfter(before: CaseFile | undefined, event: CaseChange): CaseFile['strikes'] {
  const strikes = before?.strikes ?? { prior: 0, revision: 0 };
  if (event.type !== 'CaseWeighed' || event.data.priorStrikes === undefined) return strikes;
  const { priorStrikes: prior, revision } = event.data;
  // The same facts can be weighed twice, with a strike that expired in between.
  const isLater = revision > strikes.revision || (revision === strikes.revision && prior > strikes.prior);
  return isLater ? { prior, revision } : strikes;
}

type Steps = Pick<CaseFile, 'streamVersion' | 'claim' | 'acknowledgedAt' | 'heldSince' | 'pausedMs' | 'escalated'>;

const noSteps: Steps = {
  streamVersion: 0,
  claim: null,
  acknowledgedAt: null,
  heldSince: null,
  pausedMs: 0,
  escalated: false,
};

/** A step says how the whole case stands, so the last one tells: the highest version is the last of the latest term. */
function stepsAfter(before: CaseFile | undefined, event: CaseChange): Steps {
  const known = before ?? noSteps;
  return event.type === 'CaseProgressed' && event.data.caseVersion > known.streamVersion ? stepsIn(event.data) : known;
}

const stepsIn = ({ caseVersion, ...standing }: CaseProgressed['data']): Steps => ({ ...standing, streamVersion: caseVersion });

const earlier = (a: string | null | undefined, b: string): string => (a != null && a !== '' && a < b ? a : b);
const later = (a: string | null, b: string): string => (a !== null && a > b ? a : b);
