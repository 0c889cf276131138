import type { LifecycleCommand } from '@ringside/casework';
import {
  caseTimes,
  commandsOn,
  earlierDecision,
  earlierHistories,
  earlierStep as step,
  lifecycleCommands,
  reportedFor,
} from '@ringside/testing';

import type { Reroute, RoutedReport, TriageCommand, TriageStep } from './triage-case.js';

export const background = reportedFor('other');
export const command = commandsOn<LifecycleCommand | Reroute>(background);

/** Reports by name, and what the case holds of them. */
export const named = (...reports: RoutedReport[]) => ({ reportIds: reports.map(({ reportId }) => reportId), reports });

/** A report that was filed as "other" and not rerouted yet. */
export const reportOf = (reportId: string, ...priorReasons: string[]): RoutedReport => ({
  ...{ reportId, reporterId: 'p1', filedAt: caseTimes.earlier, hasEvidence: true },
  priorReasons: priorReasons.length === 0 ? ['other'] : priorReasons,
});

const facts = 'Nothing that the rules forbid.';
const histories = earlierHistories(earlierDecision({ verdict: 'dismiss', facts, sanctions: [] }));

/** Histories that lead to the states of the table. */
export const states: Readonly<Record<string, readonly TriageStep[]>> = {
  ...histories,
  rerouted: [...histories.mine, step('CaseReportsRerouted', { reason: 'aimbot', reports: [reportOf('r1')] })],
  held: [...histories.mine, step('CaseHeld', { reason: 'Waits for a translation.' })],
};

/** Each command as whoever may give it gives it. */
export const commands: Readonly<Record<string, TriageCommand>> = {
  ...lifecycleCommands(command),
  reroute: command({ kind: 'reroute', reason: 'macro', ...named(reportOf('r2')) }),
  reroute_again: command({ kind: 'reroute', reason: 'aimbot', ...named(reportOf('r1')) }),
  reroute_elsewhere: command({ kind: 'reroute', reason: 'macro', ...named(reportOf('r1')) }),
  reroute_all: command({ kind: 'reroute', reason: 'aimbot', reports: [reportOf('r1'), reportOf('r2')] }),
  uphold: command({ kind: 'decide', verdict: 'uphold', facts, sanctions: [] }),
};
