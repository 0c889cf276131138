import type { Actor, CaseStep, CommandContext, LifecycleCommand } from '@ringside/casework';
import { bySystem } from '@ringside/events';

import type { AbuseCommand, AbuseStep, MessageReview, ReviewMessage } from './abuse-case.js';

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

const reports = ['r1', 'r2'].map((reportId) => ({ reportId, reason: 'harassment', filedAt: earlier }));
export const background: CommandContext['background'] = { openReports: reports, priorStrikes: 0 };

export const command = <Kind extends LifecycleCommand | ReviewMessage>(
  kind: Kind,
  by: Actor = ann,
  given: Partial<CommandContext['background']> = {},
): AbuseCommand =>
  ({ ...kind, caseId: 'c1', subjectId: 's1', at: now, by, background: { ...background, ...given } }) as AbuseCommand;

type DataOf<Type> = Extract<CaseStep, { readonly type: Type }>['data'];
export const step = <Type extends CaseStep['type']>(type: Type, data: DataOf<Type>, by = 'ann'): AbuseStep =>
  ({ type, at: earlier, by, data }) as AbuseStep;

export const review: MessageReview = { reportId: 'r1', message: 0, clause: 'conduct/1.1', severity: 6 };
const facts = 'Insults in five matches.';
const ban = { sanctionId: 'd1.1', kind: 'ban' } as const;
const decision = {
  ...{ decisionId: 'd1', verdict: 'uphold', clause: 'conduct/1.1', facts, sanctions: [ban], reportIds: ['r0'] },
  ...{ priorStrikes: 0, automated: false },
} as DataOf<'DecisionMade'>['decision'];

const mine = [step('CaseClaimed', { until: runsOn })];
const reviewed = [...mine, step('MessageReviewed', review)];
const decided = [...mine, step('MessageReviewed', { ...review, reportId: 'r0' }), step('DecisionMade', { decision })];
const appealed = [
  ...decided,
  step('AppealOpened', { appealId: 'a1', decisionId: 'd1', statement: 'No.', filedAt: earlier }, bySystem),
];

/** Histories that lead to the states of the table. */
export const states: Readonly<Record<string, readonly AbuseStep[]>> = {
  fresh: [],
  mine,
  theirs: [step('CaseClaimed', { until: runsOn }, 'bob')],
  lapsed: [step('CaseClaimed', { until: ranOut })],
  held: [...reviewed, step('CaseHeld', { reason: 'Waits for a translation.' })],
  escalated: [...mine, step('CaseEscalated', { reason: 'A streamer.' })],
  reviewed,
  proposed: [...reviewed, step('DecisionProposed', { decision, expiresAt: runsOn })],
  expired: [...reviewed, step('DecisionProposed', { decision, expiresAt: ranOut })],
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
export const commands: Readonly<Record<string, AbuseCommand>> = {
  claim: command({ kind: 'claim' }),
  release: command({ kind: 'release' }),
  hand_over: command({ kind: 'hand_over', to: 'cid', reason: 'Knows the map.' }),
  hold: command({ kind: 'hold', reason: 'Waits for a translation.' }),
  resume: command({ kind: 'resume' }),
  note: command({ kind: 'note', text: 'Banter among friends.' }),
  escalate: command({ kind: 'escalate', reason: 'A streamer.' }),
  review_message: command({ kind: 'review_message', ...review, severity: 5, evidence: { chatLines: 2, description: true } }),
  uphold: command({
    ...{ kind: 'decide', verdict: 'uphold', clause: 'conduct/1.1', facts },
    sanctions: [{ kind: 'mute', durationHours: 24 }],
  }),
  ban: command({ kind: 'decide', verdict: 'uphold', clause: 'conduct/1.1', facts, sanctions: [{ kind: 'ban' }] }),
  dismiss: command({ kind: 'decide', verdict: 'dismiss', facts: 'Banter among friends.', sanctions: [] }),
  inconclusive: command({ kind: 'decide', verdict: 'inconclusive', facts: 'The chat was cut off.', sanctions: [] }),
  approve: command({ kind: 'approve', decisionId: 'd1' }, pat),
  reject: command({ kind: 'reject', decisionId: 'd1', reason: 'Too thin.' }, pat),
  revert: command({ kind: 'revert', decisionId: 'd1', reason: 'Wrong player.' }, lee),
  open_appeal: command({ kind: 'open_appeal', ...appeal }, system),
  decide_appeal: command({ kind: 'decide_appeal', appealId: 'a1', outcome: 'overturned', facts: 'It was a bug.' }, lee),
  tick: command({ kind: 'tick', deadlines }, system),
};
