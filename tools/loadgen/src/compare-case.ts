import type { Expectation, ExpectedCase } from './expectation.js';
import type { ReportForm } from './report-form.js';
import type { CaseSeen, EvidenceSeen, ReportSeen } from './team-client.js';

/**
 * - `lost`: an accepted report is not in a case that must have it (or its evidence is not)
 * - `doubled`: a report is in the case twice, under one id or two; or a team has two cases of one kind
 * - `misplaced`: an accepted report is in a case that must not have it
 * - `foreign`: a report that nobody accepted, or that was never sent
 * - `altered`: a report that is not as it was sent
 * - `miscounted`: the case's figures are not those of its reports
 * - `unlisted`: the open list lacks the case, or has it twice
 */
export type DifferenceKind = 'lost' | 'doubled' | 'misplaced' | 'foreign' | 'altered' | 'miscounted' | 'unlisted';

export interface Difference {
  readonly kind: DifferenceKind;
  readonly team: string;
  readonly subjectId: string;
  readonly reportId?: string;
  readonly detail: string;
}

/** A case as the team shows it. */
export interface CaseRead {
  readonly file: CaseSeen;
  readonly reports: readonly ReportSeen[];
  readonly evidence: readonly EvidenceSeen[];
}

export interface Comparison {
  readonly differences: readonly Difference[];
  /** Reports of unknown outcome that turned out to be stored. */
  readonly unknownFound: number;
}

/** Compares a case with what it must hold; `expected` is undefined where there should be no such case. */
export function compareCase(read: CaseRead, expected: ExpectedCase | undefined, expectation: Expectation): Comparison {
  const { team, subjectId } = read.file;
  const differences: Difference[] = [];
  const differ = (kind: DifferenceKind, detail: string, reportId?: string): void => {
    differences.push({ kind, team, subjectId, detail, ...(reportId !== undefined && { reportId }) });
  };
  const { known, strangers } = sortOut(read.reports, expected, differ);
  const found = explainStrangers(strangers, expected, expectation, differ);
  for (const reportId of expected?.accepted.keys() ?? []) {
    if (!known.has(reportId)) differ('lost', `is not in the case on ${subjectId} in ${read.file.game}`, reportId);
  }
  const forms = new Map([...(expected?.accepted ?? []), ...found]);
  compareFigures(read.file, [...forms.values()], differ);
  compareEvidence(read.evidence, forms, differ);
  return { differences, unknownFound: found.size };
}

type Differ = (kind: DifferenceKind, detail: string, reportId?: string) => void;

/** Which of the reports are expected by their id, and which are not; each once. */
function sortOut(reports: readonly ReportSeen[], expected: ExpectedCase | undefined, differ: Differ) {
  const known = new Set<string>();
  const strangers = new Map<string, ReportSeen>();
  for (const report of reports) {
    const { reportId } = report;
    const form = expected?.accepted.get(reportId);
    if (known.has(reportId) || strangers.has(reportId)) differ('doubled', 'is in the case twice', reportId);
    else if (form === undefined) strangers.set(reportId, report);
    else {
      known.add(reportId);
      compareReport(report, form, differ);
    }
  }
  return { known, strangers };
}

/** Answers those that are of unknown outcome, by the id that they turned out to have. */
function explainStrangers(
  strangers: ReadonlyMap<string, ReportSeen>,
  expected: ExpectedCase | undefined,
  { accepted, teamsOf }: Expectation,
  differ: Differ,
): ReadonlyMap<string, ReportForm> {
  const found = new Map<string, ReportForm>();
  const unknown = [...(expected?.unknown ?? [])];
  const settled = new Set([...(expected?.accepted.values() ?? [])].map(marksOfForm));
  for (const [reportId, report] of strangers) {
    const elsewhere = accepted.get(reportId);
    const place = unknown.findIndex((form) => marksOfForm(form) === marksOf(report));
    if (elsewhere !== undefined) {
      const { subjectId, game, reason } = elsewhere;
      differ('misplaced', `is about ${subjectId} in ${game} and for ${teamsOf(reason).join(', ')} (${reason})`, reportId);
    } else if (place >= 0) {
      const [form] = unknown.splice(place, 1);
      found.set(reportId, form!);
      settled.add(marksOf(report));
      compareReport(report, form!, differ);
    } else if (settled.has(marksOf(report))) {
      differ('doubled', 'is a second report of one that was sent once', reportId);
    } else {
      differ('foreign', `is nobody's: from ${report.reporterId}, for ${report.reason}`, reportId);
    }
  }
  return found;
}

/** What tells the reports of one case apart, where the id is not known. */
const marksOf = ({ reporterId, firstReason, matchId, occurredAt }: Omit<ReportSeen, 'reportId'>): string =>
  JSON.stringify([reporterId, firstReason, matchId, occurredAt]);

const marksOfForm = (form: ReportForm): string => marksOf(asSeen(form));

/** A report as a case must show it. */
const asSeen = (form: ReportForm): Omit<ReportSeen, 'reportId'> => ({
  reporterId: form.reporterId,
  reason: form.reason,
  firstReason: form.reason,
  occurredAt: form.occurredAt ?? null,
  matchId: form.matchId ?? null,
  hasEvidence: form.description !== undefined || form.evidence !== undefined,
  active: true,
});

function compareReport(report: ReportSeen, form: ReportForm, differ: Differ): void {
  for (const [field, value] of Object.entries(asSeen(form))) {
    const seen = report[field as keyof ReportSeen];
    if (seen !== value) differ('altered', `has ${field} ${String(seen)} instead of ${String(value)}`, report.reportId);
  }
}

/** A team counts one report of a reporter about one match for one reason. */
function countedOf(forms: readonly ReportForm[]): readonly ReportForm[] {
  const seen = new Set<string>();
  return forms.filter(({ reporterId, matchId, reason }) => {
    const marks = JSON.stringify([reporterId, matchId, reason]);
    if (matchId === undefined || !seen.has(marks)) return seen.add(marks);
    return false;
  });
}

function compareFigures(file: CaseSeen, accepted: readonly ReportForm[], differ: Differ): void {
  const forms = countedOf(accepted);
  const reasons: Record<string, number> = {};
  for (const { reason } of forms) reasons[reason] = (reasons[reason] ?? 0) + 1;
  const distinctReporters = new Set(forms.map(({ reporterId }) => reporterId)).size;
  const inOrder = (counts: Readonly<Record<string, number>>): string => JSON.stringify(Object.entries(counts).sort());
  const figures: readonly (readonly [string, string | number, string | number])[] = [
    ['reportCount', file.reportCount, forms.length],
    ['distinctReporters', file.distinctReporters, distinctReporters],
    ['reasons', inOrder(file.reasons), inOrder(reasons)],
  ];
  for (const [figure, seen, expected] of figures) {
    if (seen !== expected) differ('miscounted', `the case in ${file.game} has ${figure} ${seen} instead of ${expected}`);
  }
}

function compareEvidence(evidence: readonly EvidenceSeen[], forms: ReadonlyMap<string, ReportForm>, differ: Differ): void {
  const seen = new Set<string>();
  for (const { reportId } of evidence) {
    const form = forms.get(reportId);
    if (seen.has(reportId)) differ('doubled', 'has its evidence in the case twice', reportId);
    else if (form === undefined || !asSeen(form).hasEvidence)
      differ('foreign', 'has evidence here, and should have none', reportId);
    seen.add(reportId);
  }
  for (const [reportId, form] of forms) {
    if (asSeen(form).hasEvidence && !seen.has(reportId)) differ('lost', 'lacks its evidence', reportId);
  }
}
