import type { ReasonOption } from '@ringside/events';
import type { Outcome } from './intake-client.js';
import type { GeneratedReport } from './generate-reports.js';
import type { ReportForm } from './report-form.js';

/** A report, and what its sender was told. */
export interface SentReport {
  readonly form: ReportForm;
  readonly outcome: Outcome;
}

export const sentReport = ({ form }: GeneratedReport, outcome: Outcome): SentReport => ({ form, outcome });

/** What one team's case on a subject in a game must hold. */
export interface ExpectedCase {
  readonly subjectId: string;
  readonly game: string;
  /** By report id. */
  readonly accepted: ReadonlyMap<string, ReportForm>;
  /** May be there or not, each at most once. */
  readonly unknown: readonly ReportForm[];
}

export interface Expectation {
  readonly subjects: readonly string[];
  /** Every accepted report, by its id. */
  readonly accepted: ReadonlyMap<string, ReportForm>;
  readonly teamsOf: (reason: string) => readonly string[];
  /** Cases that a team should have on a subject: none where none of its reports are the team's. */
  readonly casesOf: (team: string, subjectId: string) => readonly ExpectedCase[];
}

interface CaseBeingMade {
  readonly subjectId: string;
  readonly game: string;
  readonly accepted: Map<string, ReportForm>;
  readonly unknown: ReportForm[];
}

/** The team that captures what no other team owns. */
const residualTeam = 'others-triage';

/** What the teams must have, from what was sent and what the report dialog says of the reasons. */
export function expectationOf(sent: readonly SentReport[], reasons: readonly ReasonOption[]): Expectation {
  const owners = new Map<string, readonly string[]>(reasons.map(({ reason, teams }) => [reason, teams]));
  const teamsOf = (reason: string): readonly string[] => {
    const teams = owners.get(reason) ?? [];
    return teams.length > 0 ? teams : [residualTeam];
  };
  const bySubject = new Map<string, Map<string, CaseBeingMade>>();
  const accepted = new Map<string, ReportForm>();
  for (const { form, outcome } of sent) {
    const cases = bySubject.get(form.subjectId) ?? new Map<string, CaseBeingMade>();
    bySubject.set(form.subjectId, cases);
    if (outcome.kind === 'refused') continue;
    if (outcome.kind === 'accepted') accepted.set(outcome.reportId, form);
    for (const team of teamsOf(form.reason)) addTo(cases, team, { form, outcome });
  }
  return {
    subjects: [...bySubject.keys()],
    accepted,
    teamsOf,
    casesOf: (team, subjectId) =>
      [...(bySubject.get(subjectId) ?? [])].filter(([name]) => name.startsWith(`${team} `)).map(([, expected]) => expected),
  };
}

function addTo(cases: Map<string, CaseBeingMade>, team: string, { form, outcome }: SentReport): void {
  const { subjectId, game } = form;
  const name = `${team} ${game}`;
  const expected: CaseBeingMade = cases.get(name) ?? { subjectId, game, accepted: new Map(), unknown: [] };
  cases.set(name, expected);
  if (outcome.kind === 'accepted') expected.accepted.set(outcome.reportId, form);
  else expected.unknown.push(form);
}
