import type { Actor, CaseStep, CommandContext, LifecycleCommand } from '@ringside/casework';
import { bySystem } from '@ringside/events';

import type { Reroute, RoutedReport, TriageCommand, TriageStep } from './triage-case.js';

/** Before now, now, and a lease or a proposal that has run out by now, or runs on. */
export const earlier = '2026-01-31T12:00:00.000Z';
export const now = '2026-01-31T12:10:00.000Z';
const ranOut = '2026-01-31T12:05:00.000Z';
const runsOn = '2026-01-31T12:30:00.000Z';

const person = (sub: string, ...roles: Actor['roles']): Actor => ({ sub, roles });
export const ann = person('ann', 'case_worker');
export const pat = person('pat', 'approver');
export const lee = person('lee', 'lead');
export const reader = person('rea', 'read_only');
const system = person(bySystem);

const reports = ['r1', 'r2'].map((reportId) => ({ reportId, reason: 'other', filedAt: earlier }));
export const background: CommandContext['background'] = { openReports: reports, priorStrikes: 0 };

export const command = <Kind extends LifecycleCommand | Reroute>(
  kind: Kind,
  by: Actor = ann,
  given: Partial<CommandContext['background']> = {},
): TriageCommand =>
  ({ ...kind, caseId: 'c1', subjectId: 's1', at: now, by, background: { ...background, ...given } }) as TriageCommand;

/** Reports by name, and what the case holds of them. */
export const named = (...reports: RoutedReport[]) => ({ reportIds: reports.map(({ reportId }) => reportId), reports });

type DataOf<Type> = Extract<CaseStep, { readonly type: Type }>['data'];
export const step = <Type extends CaseStep['type']>(type: Type, data: DataOf<Type>, by = 'ann'): TriageStep =>
  ({ type, at: earlier, by, data }) as TriageStep;

/** A report that was filed as "other" and not rerouted yet. */
export const reportOf = (reportId: string, ...priorReasons: string[]): RoutedReport => ({
  ...{ reportId, reporterId: 'p1', filedAt: earlier, hasEvidence: true },
  priorReasons: priorReasons.length === 0 ? ['other'] : priorReasons,
});
const facts = 'Nothing that the rules forbid.';
const decision = {
  ...{ decisionId: 'd1', verdict: 'dismiss', facts, sanctions: [], reportIds: ['r0'] },
  ...{ priorStrikes: 0, automated: false },
} as DataOf<'DecisionMade'>['decision'];

const mine = [step('CaseClaimed', { until: runsOn })];
const rerouted = [...mine, step('CaseReportsRerouted', { reason: 'aimbot', reports: [reportOf('r1')] })];
const decided = [...mine, step('DecisionMade', { decision })];
const appealed = [
  ...decided,
  step('AppealOpened', { appealId: 'a1', decisionId: 'd1', statement: 'No.', filedAt: earlier }, bySystem),
];

/** Histories that lead to the states of the table. */
export const states: Readonly<Record<string, readonly TriageStep[]>> = {
  fresh: [],
  mine,
  theirs: [step('CaseClaimed', { until: runsOn }, 'bob')],
  lapsed: [step('CaseClaimed', { until: ranOut })],
  held: [...mine, step('CaseHeld', { reason: 'Waits for a translation.' })],
  escalated: [...mine, step('CaseEscalated', { reason: 'A streamer.' })],
  rerouted,
  decided,
  reclaimed: [...decided, ...mine],
  appealed,
  settled: [...appealed, step('AppealDecided', { appealId: 'a1', decisionId: 'd1', outcome: 'upheld', facts }, 'lee')],
  overturned: [...appealed, step('AppealDecided', { appealId: 'a1', decisionId: 'd1', outcome: 'overturned', facts }, 'lee')],
  reverted: [...decided, step('DecisionReverted', { decisionId: 'd1', reason: 'Wrong player.' }, 'lee')],
};

const appeal = { appealId: 'a2', decisionId: 'd1', playerId: 's1', statement: 'It was my cat.', filedAt: now };
const deadlines = [{ deadline: 'decide', dueAt: '2026-01-31T13:00:00.000Z' }] as const;

/** Each command as whoever may give it gives it. */
export const commands: Readonly<Record<string, TriageCommand>> = {
  claim: command({ kind: 'claim' }),
  release: command({ kind: 'release' }),
  hand_over: command({ kind: 'hand_over', to: 'cid', reason: 'Knows the map.' }),
  hold: command({ kind: 'hold', reason: 'Waits for a translation.' }),
  resume: command({ kind: 'resume' }),
  note: command({ kind: 'note', text: 'Something new?' }),
  escalate: command({ kind: 'escalate', reason: 'A streamer.' }),
  reroute: command({ kind: 'reroute', reason: 'macro', ...named(reportOf('r2')) }),
  reroute_again: command({ kind: 'reroute', reason: 'aimbot', ...named(reportOf('r1')) }),
  reroute_elsewhere: command({ kind: 'reroute', reason: 'macro', ...named(reportOf('r1')) }),
  reroute_all: command({ kind: 'reroute', reason: 'aimbot', reports: [reportOf('r1'), reportOf('r2')] }),
  uphold: command({ kind: 'decide', verdict: 'uphold', facts, sanctions: [] }),
  dismiss: command({ kind: 'decide', verdict: 'dismiss', facts: 'A matter of taste.', sanctions: [] }),
  inconclusive: command({ kind: 'decide', verdict: 'inconclusive', facts: 'Nobody remembers.', sanctions: [] }),
  approve: command({ kind: 'approve', decisionId: 'd1' }, pat),
  reject: command({ kind: 'reject', decisionId: 'd1', reason: 'Too thin.' }, pat),
  revert: command({ kind: 'revert', decisionId: 'd1', reason: 'Wrong player.' }, lee),
  open_appeal: command({ kind: 'open_appeal', ...appeal }, system),
  decide_appeal: command({ kind: 'decide_appeal', appealId: 'a1', outcome: 'overturned', facts: 'It was a bug.' }, lee),
  tick: command({ kind: 'tick', deadlines }, system),
};
