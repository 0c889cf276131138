import {
  attachmentRow,
  caseRow,
  caseTables,
  credibilityNeutral,
  filedPrefix,
  filedReportsTable,
  markRow,
  playerSanctionsTable,
  reportingPolicyDefaults,
  standingAfter,
  standingRow,
  type Attachment,
  type CaseFile,
  type CaseRules,
  type FiledReport,
  type Outcome,
  type ReporterStanding,
  type ReportingPolicy,
  type ReportMark,
} from '@ringside/casework';
import {
  bySystem,
  caseWeighed,
  reporterStandingChanged,
  reportSuppressed,
  type CaseProgressed,
  type ReporterStandingChanged,
  type RingsideEvent,
  type SanctionImposed,
  type SanctionReversed,
} from '@ringside/events';

import type { Reaction, ReactionContext } from '../subscriber.js';
import { strikesWeighed } from './count-reports.js';
import { following } from './origin.js';

/** Reporters that one event of a decision looks at, the first ones by id: the others are looked at when theirs are next decided. */
const reportersMax = 200;
/** So many of their histories are read at the same time. */
const readTogetherMax = 20;
/** Of a reporter's reports, the latest so many lead to cases that are weighed anew, or count again. */
const reportsMax = 500;
/** Cases of one player that are weighed when something is imposed on them. */
const casesMax = 200;
const sanctionsMax = 1_000;

/** A decision tells how founded its reports were: each reporter's standing may change by it. */
export function judgeReporters(rules: CaseRules): Reaction {
  const policy = rules.reporting ?? reportingPolicyDefaults;
  return {
    name: 'JudgeReporters',
    concerns: (event) =>
      event.type === 'CaseProgressed' &&
      event.data.team === rules.team &&
      event.data.decision !== undefined &&
      event.data.decision.state !== 'proposed' &&
      event.data.decision.reportIds.length > 0,
    react: async (anyEvent, context) => {
      const event = anyEvent as CaseProgressed;
      const { caseId, decision } = event.data;
      const found = await context.views.getMany(decision!.reportIds.map((reportId) => attachmentRow(caseId, reportId)));
      const reporters = new Set(found.flatMap((row) => (row ? [(row.value as unknown as Attachment).reporterId] : [])));
      const records = await recordsOf([...reporters].sort().slice(0, reportersMax), policy, context);
      return records.flatMap(({ reporterId, outcomes, known }) => {
        const standing = standingAfter(known, outcomes, { policy, at: event.time });
        if (standing === undefined) return [];
        const data = { reporterId, team: rules.team, ...standing };
        return [following(event, context, { definition: reporterStandingChanged, label: `standing/${reporterId}`, data })];
      });
    },
  };
}

interface ReporterRecord {
  readonly reporterId: string;
  readonly outcomes: readonly Outcome[];
  readonly known: ReporterStanding | undefined;
}

/** In the order of the reporters. */
async function recordsOf(
  reporterIds: readonly string[],
  { outcomesMax }: ReportingPolicy,
  { views }: ReactionContext,
): Promise<readonly ReporterRecord[]> {
  const records: ReporterRecord[] = [];
  for (let from = 0; from < reporterIds.length; from += readTogetherMax) {
    const some = reporterIds.slice(from, from + readTogetherMax);
    const [standings, ...histories] = await Promise.all([
      views.getMany(some.map(standingRow)),
      ...some.map((reporterId) => views.page(caseTables.outcomes, reporterId, { limit: outcomesMax, descending: true })),
    ]);
    some.forEach((reporterId, i) => {
      const outcomes = histories[i]!.map(({ value }) => value as unknown as Outcome);
      records.push({ reporterId, outcomes, known: standings[i]?.value as unknown as ReporterStanding | undefined });
    });
  }
  return records;
}

/** What is said of a reporter weighs the open cases that they reported, and lets reports count again once a lead has said so. */
export function applyStanding(rules: CaseRules): Reaction {
  return {
    name: 'ApplyStanding',
    concerns: (event) => event.type === 'ReporterStandingChanged' && event.data.team === rules.team,
    react: async (anyEvent, context) => {
      const event = anyEvent as ReporterStandingChanged;
      const rows = await context.views.page(filedReportsTable, event.data.reporterId, {
        from: filedPrefix,
        limit: reportsMax,
        descending: true,
      });
      const filed = rows.flatMap(({ key, value }) => (key.startsWith(filedPrefix) ? [value as unknown as FiledReport] : []));
      return [...(await weighings(event, filed, context)), ...(await reinstated(event, filed, context))];
    },
  };
}

async function weighings(
  event: ReporterStandingChanged,
  filed: readonly FiledReport[],
  context: ReactionContext,
): Promise<readonly RingsideEvent[]> {
  const { reporterId, revision, credibility } = event.data;
  const inCases = new Map<string, readonly FiledReport[]>();
  for (const report of filed) inCases.set(report.caseId, [...(inCases.get(report.caseId) ?? []), report]);
  const files = await context.views.getMany([...inCases.keys()].map(caseRow));
  return files.flatMap((row) => {
    const file = row?.value as unknown as CaseFile | undefined;
    if (file === undefined || file.open.reports === 0) return [];
    const { caseId, team, game, subjectId } = file;
    const believed = inCases.get(caseId)!.map(({ reason }) => credibility[reason] ?? credibilityNeutral);
    const data = { caseId, team, game, subjectId, revision, reporter: { reporterId, credibility: Math.min(...believed) } };
    return [following(event, context, { definition: caseWeighed, label: `weighed/${caseId}`, data })];
  });
}

async function reinstated(
  event: ReporterStandingChanged,
  filed: readonly FiledReport[],
  context: ReactionContext,
): Promise<readonly RingsideEvent[]> {
  const { standing, by, revision, team } = event.data;
  if (standing !== 'good' || by === bySystem) return [];
  const marks = await context.views.getMany(filed.map(({ caseId, reportId }) => markRow(caseId, reportId)));
  return filed.flatMap(({ caseId, game, subjectId, reportId }, i) => {
    const mark = marks[i]?.value as unknown as ReportMark | undefined;
    if (mark?.suppressed.reporter_suppressed?.suppressed !== true) return [];
    const about = { caseId, team, game, subjectId, reportId };
    const data = { ...about, because: 'reporter_suppressed' as const, suppressed: false, revision };
    return [following(event, context, { definition: reportSuppressed, label: `counts/${reportId}`, data })];
  });
}

/** What is imposed on a player, by whichever team, weighs this team's cases about them. */
export function weighByStrikes(rules: CaseRules): Reaction {
  return {
    name: 'WeighByStrikes',
    concerns: (event) => event.type === 'SanctionImposed' || event.type === 'SanctionReversed',
    react: async (anyEvent, context) => {
      const event = anyEvent as SanctionImposed | SanctionReversed;
      const { playerId } = event.data;
      const [sanctions, pointers] = await Promise.all([
        context.views.page(playerSanctionsTable, playerId, { limit: sanctionsMax }),
        context.views.page(caseTables.playerCases, playerId, { limit: casesMax }),
      ]);
      const files = await context.views.getMany(pointers.map(({ value }) => caseRow(value['caseId'] as string)));
      return files.flatMap((row) => {
        if (row === undefined) return [];
        const { caseId, game, subjectId } = row.value as unknown as CaseFile;
        return strikesWeighed(event, { caseId, team: rules.team, game, subjectId }, sanctions, context);
      });
    },
  };
}
