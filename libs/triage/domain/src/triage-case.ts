import {
  lifecycleOf,
  refusal,
  refuse,
  takeStep,
  whyNotWorked,
  withoutCovered,
  withReports,
  type CaseBackground,
  type CaseStep,
  type CaseWork,
  type Command,
  type LifecycleCommand,
  type Refusal,
} from '@ringside/casework';
import { deriveUuidv7, err, ok, type Decider, type Result } from '@ringside/core';
import {
  createEvent,
  isOwned,
  priorReasonsMax,
  reportRerouted,
  reroutedPerStepMax,
  type CaseEvent,
  type ReportRerouted,
} from '@ringside/events';

import { triagePolicy } from './triage-policy.js';

// Stream: `case-<caseId>`, with the steps that every team's cases have. This team's own one is CaseReportsRerouted.

export type TriageStep = CaseStep;
type Rerouted = Extract<CaseStep, { readonly type: 'CaseReportsRerouted' }>['data'];

/** A report as its case holds it. `priorReasons` are all that it had so far, oldest first; the last one counts now. */
export type RoutedReport = Rerouted['reports'][number];

// Events and what they make of a case.

export interface TriageCase extends CaseWork {
  /** All reasons that a report of this case had since it was first rerouted here, by report; the last one counts now. */
  readonly reasons: Readonly<Record<string, readonly string[]>>;
}

const lifecycle = lifecycleOf(triagePolicy);

/** What other topics hear of it: one ReportRerouted for each report, under an id that derives from the event's. */
export function reroutingsOf(event: CaseEvent, { adopted }: Pick<TriageCase, 'adopted'>): readonly ReportRerouted[] {
  if (event.type !== 'CaseReportsRerouted') return [];
  const { id, time, region, source, correlationId, traceparent, data } = event;
  const { game, subjectId, reason, reports, team } = data;
  // Commands on a case run in its subject's home region, or in one that was promoted in its place and says whose it is.
  const subjectHomeRegion = adopted?.homeRegion ?? region;
  return reports.map((report) =>
    createEvent(reportRerouted, {
      data: { ...report, game, subjectId, subjectHomeRegion, reason, reroutedAt: time, reroutedBy: team },
      id: deriveUuidv7(id, `ReportRerouted/${report.reportId}`),
      ...{ time, region, source, correlationId, causationId: id },
      ...(traceparent === undefined ? {} : { traceparent }),
    }),
  );
}

// Fold.

const initialState: TriageCase = { ...lifecycle.initialState, reasons: {} };

const evolve = (state: TriageCase, step: TriageStep): TriageCase => ({
  ...state,
  ...lifecycle.evolve(state, step),
  reasons: step.type === 'CaseReportsRerouted' ? { ...state.reasons, ...reasonsAfter(step.data) } : state.reasons,
});

const reasonsAfter = ({ reason, reports }: Rerouted): TriageCase['reasons'] =>
  Object.fromEntries(reports.map(({ reportId, priorReasons }) => [reportId, [...priorReasons, reason]]));

// Decide.

/** The steps of one command are stored in one piece, which a store bounds. */
export const reroutedPerCommandMax = 1_000;

/** Gives reports another reason. Whichever team owns it captures them as if they had been filed so. */
export interface Reroute {
  readonly kind: 'reroute';
  readonly reason: string;
  /** All that are open where absent, or the first {@link reroutedPerCommandMax} of them. */
  readonly reportIds?: readonly string[];
  /** What the case holds of them, at least. */
  readonly reports: readonly RoutedReport[];
}
export type TriageCommand = Command<LifecycleCommand | Reroute>;
type Steps = Result<readonly TriageStep[], Refusal>;

const decide = (state: TriageCase, given: TriageCommand): Steps => {
  const command = { ...given, background: withoutRerouted(state, withoutCovered(state, given.background)) };
  if (command.kind === 'reroute') return reroute(state, command);
  if (command.kind !== 'decide' || command.verdict !== 'uphold') return lifecycle.decide(state, command);
  const detail = 'Triage upholds nothing: reroute the reports to the team that owns their reason, or dismiss them.';
  return err(whyNotWorked(state, command) ?? { code: 'invalid', detail, pointer: '/verdict' });
};

/** The views may still show reports as open that this case gave away: they are no longer triage's to close. */
function withoutRerouted({ reasons }: TriageCase, background: CaseBackground): CaseBackground {
  const isGone = (reportId: string): boolean => Object.hasOwn(reasons, reportId) && isOwned(reasons[reportId]!.at(-1)!);
  return withReports(background, (reportId) => !isGone(reportId));
}

/** Reports that have the reason already, by this case's own steps, are passed over: the same command again adds nothing. */
function reroute(state: TriageCase, command: Command<Reroute>): Steps {
  const whyNotNow = whyNotWorked(state, command);
  if (whyNotNow !== undefined) return err(whyNotNow);
  const { reason, reports, reportIds, background } = command;
  const open = new Set(background.openReports.map(({ reportId }) => reportId));
  const onFile = new Map(reports.map((report) => [report.reportId, report]));
  const named = new Set(reportIds ?? [...open].filter((reportId) => onFile.has(reportId)).slice(0, reroutedPerCommandMax));
  if (named.size > reroutedPerCommandMax) {
    return refuse('invalid', `Name at most ${reroutedPerCommandMax} reports at a time.`, '/reportIds');
  }
  if (reportIds?.length === 0) return refuse('invalid', 'Name the reports to reroute.', '/reportIds');
  if (named.size === 0) return refuse('wrong_state', 'No report of the case is open: there is nothing to reroute.');
  const moved: RoutedReport[] = [];
  for (const reportId of named) {
    const report = onFile.get(reportId);
    if (report === undefined) return refuse('invalid', `The case has no report ${reportId}.`, '/reportIds');
    const priorReasons = reasonsOf(state, report);
    if (priorReasons.at(-1) === reason) continue;
    const fault = faultOf(reportId, priorReasons, open);
    if (fault !== undefined) return err(fault);
    moved.push({ ...report, priorReasons: [...priorReasons] });
  }
  return ok(
    chunksOf(moved, reroutedPerStepMax).map((some) => takeStep(command, 'CaseReportsRerouted', { reason, reports: some })),
  );
}

function faultOf(reportId: string, priorReasons: readonly string[], open: ReadonlySet<string>): Refusal | undefined {
  const current = priorReasons.at(-1)!;
  if (isOwned(current)) {
    return refusal('wrong_state', `Report ${reportId} was rerouted as ${current}: it is with the team that owns that reason.`);
  }
  if (!open.has(reportId)) {
    return refusal(
      'invalid',
      `Report ${reportId} is not among the open reports of this case that you saw. Read it again.`,
      '/reportIds',
    );
  }
  if (priorReasons.length <= priorReasonsMax) return undefined;
  return refusal('wrong_state', `Report ${reportId} was rerouted ${priorReasonsMax} times. Close it with a reason instead.`);
}

const chunksOf = <Item>(items: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, chunk) => items.slice(chunk * size, (chunk + 1) * size));

/** The views may not show the last rerouting yet: the longer history is the later one. */
function reasonsOf({ reasons }: TriageCase, { reportId, priorReasons }: RoutedReport): readonly string[] {
  const known = Object.hasOwn(reasons, reportId) ? reasons[reportId]! : [];
  return known.length > priorReasons.length ? known : priorReasons;
}

export const triageCase: Decider<TriageCase, TriageCommand, TriageStep, Refusal> = { initialState, decide, evolve };
