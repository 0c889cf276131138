import {
  caseOf,
  caseRow,
  factsIn,
  filedPrefix,
  filedReportsTable,
  isReporterSuppressed,
  playerSanctionsTable,
  reportingPolicyDefaults,
  sanctionsIn,
  standingRow,
  strikesAt,
  type CaseFile,
  type CaseRules,
  type FiledReport,
  type ReporterStanding,
} from '@ringside/casework';
import { caseWeighed, reportSuppressed, type ReportFiled, type RingsideEvent } from '@ringside/events';
import type { Row } from '@ringside/view-store';

import type { Reaction, ReactionContext } from '../subscriber.js';
import { following } from './origin.js';

/** How much of a subject's history is read for a new case: sanctions. */
const sanctionsMax = 1_000;

/**
 * Whether a report that came in counts, and for how much: not above its reporter's daily limit, nor while the reporter is
 * suppressed, unless its reason goes first; and the case is weighed by how far the reporter is believed, and a new one by the strikes of its subject.
 * One page and one row are read for a report in the usual case.
 */
export function countReports(rules: CaseRules): Reaction {
  return {
    name: 'CountReports',
    concerns: (event) => event.type === 'ReportFiled' && caseOf(event, rules) !== undefined,
    react: async (anyEvent, context) => {
      const event = anyEvent as ReportFiled;
      const caseId = caseOf(event, rules)!;
      const [record, file] = await Promise.all([recordOf(event, rules, context), context.views.get(caseRow(caseId))]);
      const about = { caseId, team: rules.team, game: event.data.game, subjectId: event.data.subjectId };
      return [
        ...suppressionsOf(event, rules, record, context),
        ...reporterWeight(event, about, record.standing, context),
        ...(await strikeWeight(event, about, file as unknown as CaseFile | undefined, context)),
      ];
    },
  };
}

interface About {
  readonly caseId: string;
  readonly team: string;
  readonly game: string;
  readonly subjectId: string;
}

interface ReporterRecord {
  readonly standing: ReporterStanding | undefined;
  /** Reports of the day, in the order of their filing; of more than the limit, up to {@link lateMax} behind it. */
  readonly ofTheDay: readonly FiledReport[];
}

/** One that comes late moves others out of the count: so many behind the limit are looked at, as several may come at once. */
const lateMax = 100;

/** The end of the reporter's partition has their standing, and before it their latest reports. */
async function recordOf({ data }: ReportFiled, rules: CaseRules, { views }: ReactionContext): Promise<ReporterRecord> {
  const { dailyReportsMax } = rules.reporting ?? reportingPolicyDefaults;
  const day = `${filedPrefix}${data.filedAt.slice(0, 10)}`;
  const latest = await views.page(filedReportsTable, data.reporterId, { limit: dailyReportsMax + 2, descending: true });
  const standing = latest.find(({ key }) => key === standingRow(data.reporterId).key)?.value;
  const filed = latest.filter(({ key }) => key.startsWith(filedPrefix));
  // The whole day is in the page where it reaches back behind the day, or to the first report of all.
  const isWholeDay = latest.length < dailyReportsMax + 2 || filed.some(({ key }) => key < day);
  const rows = isWholeDay
    ? filed.filter(({ key }) => key.startsWith(day)).reverse()
    : await views.page(filedReportsTable, data.reporterId, { from: day, to: `${day}U`, limit: dailyReportsMax + lateMax });
  return { standing: standing as unknown as ReporterStanding | undefined, ofTheDay: rows.map(filedIn) };
}

const filedIn = ({ value }: Row): FiledReport => value as unknown as FiledReport;

function suppressionsOf(
  event: ReportFiled,
  rules: CaseRules,
  { standing, ofTheDay }: ReporterRecord,
  context: ReactionContext,
): readonly RingsideEvent[] {
  const { dailyReportsMax } = rules.reporting ?? reportingPolicyDefaults;
  const { reportId, filedAt } = event.data;
  const place = ofTheDay.findIndex((report) => report.reportId === reportId);
  const isWithin = place >= 0 && place < dailyReportsMax;
  const beyond = isWithin ? ofTheDay.slice(dailyReportsMax) : [filedBy(event, rules)];
  const daily = beyond
    .filter(({ reason }) => !rules.weigh(reason).first)
    .map((report) => suppression(event, rules, context, { report, because: 'daily_limit', revision: 1 }));
  if (!isWithin || rules.weigh(event.data.reason).first || !isReporterSuppressed(standing, filedAt)) return daily;
  const ofReporter = { report: filedBy(event, rules), because: 'reporter_suppressed', revision: standing!.revision } as const;
  return [...daily, suppression(event, rules, context, ofReporter)];
}

const filedBy = (event: ReportFiled, rules: CaseRules): FiledReport => {
  const { reportId, game, subjectId, reason, filedAt } = event.data;
  return { reportId, caseId: caseOf(event, rules)!, game, subjectId, reason, filedAt };
};

interface Suppression {
  readonly report: FiledReport;
  readonly because: 'daily_limit' | 'reporter_suppressed';
  readonly revision: number;
}

function suppression(
  cause: RingsideEvent,
  { team }: CaseRules,
  context: ReactionContext,
  { report: { reportId, caseId, game, subjectId }, because, revision }: Suppression,
): RingsideEvent {
  const data = { caseId, team, game, subjectId, reportId, because, suppressed: true, revision };
  return following(cause, context, { definition: reportSuppressed, label: `${because}/${reportId}/${revision}`, data });
}

function reporterWeight(
  event: ReportFiled,
  about: About,
  standing: ReporterStanding | undefined,
  context: ReactionContext,
): readonly RingsideEvent[] {
  const { reporterId, reason } = event.data;
  const credibility = standing?.credibility[reason];
  if (credibility === undefined) return [];
  const { revision } = standing!;
  const data = { ...about, revision, reporter: { reporterId, credibility } };
  return [following(event, context, { definition: caseWeighed, label: `weighed/${reporterId}/${revision}`, data })];
}

/** Cases that are there when something is imposed are weighed then; one that comes later, by its first report. */
async function strikeWeight(
  event: ReportFiled,
  about: About,
  file: CaseFile | undefined,
  context: ReactionContext,
): Promise<readonly RingsideEvent[]> {
  if (file?.firstReportedAt !== event.data.filedAt) return [];
  const rows = await context.views.page(playerSanctionsTable, about.subjectId, { limit: sanctionsMax });
  return strikesWeighed(event, about, rows, context);
}

export function strikesWeighed(
  cause: RingsideEvent,
  about: About,
  sanctions: readonly Row[],
  context: ReactionContext,
): readonly RingsideEvent[] {
  const values = sanctions.map(({ value }) => value);
  const revision = factsIn(values);
  if (revision === 0) return [];
  const data = { ...about, revision, priorStrikes: strikesAt(sanctionsIn(values), cause.time) };
  return [following(cause, context, { definition: caseWeighed, label: `strikes/${about.caseId}/${revision}`, data })];
}
