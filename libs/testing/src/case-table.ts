import { bySystem, type CaseEvent, type Decision } from '@ringside/events';

// What the tables of all teams' cases have in common: people, times, the histories that every case can have, and the commands of the
// lifecycle. A team adds its own steps and commands. The types are the contract's, since the specs of casework need this library.

/** Before now, now, and when a lease or a proposal has run out by now, or runs on. */
export const caseTimes = {
  earlier: '2026-01-31T12:00:00.000Z',
  ranOut: '2026-01-31T12:05:00.000Z',
  now: '2026-01-31T12:10:00.000Z',
  runsOn: '2026-01-31T12:30:00.000Z',
} as const;
const { earlier, ranOut, now, runsOn } = caseTimes;

export interface CasePerson {
  readonly sub: string;
  readonly roles: readonly ('case_worker' | 'approver' | 'lead' | 'read_only')[];
}
const person = (sub: string, ...roles: CasePerson['roles']): CasePerson => ({ sub, roles });

/** Ann works on cases, pat approves, lee leads, the reader only looks; the system is nobody. */
export const casePeople = {
  ann: person('ann', 'case_worker'),
  pat: person('pat', 'approver'),
  lee: person('lee', 'lead'),
  reader: person('rea', 'read_only'),
  system: person(bySystem),
} as const;
const { ann, pat, lee, system } = casePeople;

export interface ReportsOfCase {
  readonly openReports: readonly { readonly reportId: string; readonly reason: string; readonly filedAt: string }[];
  readonly priorStrikes: number;
}

/** Two open reports, `r1` and `r2`, for one reason; no strike. */
export const reportedFor = (reason: string): ReportsOfCase => ({
  openReports: ['r1', 'r2'].map((reportId) => ({ reportId, reason, filedAt: earlier })),
  priorStrikes: 0,
});

export interface CaseContext {
  readonly caseId: string;
  readonly subjectId: string;
  readonly at: string;
  readonly by: CasePerson;
  readonly background: ReportsOfCase;
}

/** How commands are given now, by ann where nobody else is named, on a case with this background. `Kind`: all that a team takes. */
export const commandsOn =
  <Kind extends object>(background: ReportsOfCase) =>
  (kind: Kind, by: CasePerson = ann, given: Partial<ReportsOfCase> = {}): Kind & CaseContext => ({
    ...kind,
    ...{ caseId: 'c1', subjectId: 's1', at: now, by, background: { ...background, ...given } },
  });

type OfEveryStep = 'caseId' | 'team' | 'game' | 'subjectId' | 'caseVersion' | 'by';
type DataOf<Type> = Omit<Extract<CaseEvent, { readonly type: Type }>['data'], OfEveryStep>;

/** A step that somebody took earlier. */
export const earlierStep = <Type extends CaseEvent['type']>(type: Type, data: DataOf<Type>, by = 'ann') => ({
  ...{ type, at: earlier, by, data },
});

/** The decision `d1`, on a report that is not open any more. */
export const earlierDecision = (made: Pick<Decision, 'verdict' | 'facts' | 'sanctions'> & Partial<Decision>): Decision => ({
  ...{ decisionId: 'd1', reportIds: ['r0'], priorStrikes: 0, automated: false },
  ...made,
});

/** Histories that cases of all teams can have, by the state that they lead to. `basis`: a team's own steps before the decision. */
export function earlierHistories<OwnStep = never>(decision: Decision, basis: readonly OwnStep[] = []) {
  const { facts } = decision;
  const mine = [earlierStep('CaseClaimed', { until: runsOn })];
  const decided = [...mine, ...basis, earlierStep('DecisionMade', { decision })];
  const appeal = { appealId: 'a1', decisionId: 'd1' };
  const appealed = [...decided, earlierStep('AppealOpened', { ...appeal, filedAt: earlier, statementHeldIn: 'eu' }, bySystem)];
  return {
    fresh: [],
    mine,
    theirs: [earlierStep('CaseClaimed', { until: runsOn }, 'bob')],
    lapsed: [earlierStep('CaseClaimed', { until: ranOut })],
    escalated: [...mine, earlierStep('CaseEscalated', { reason: 'A streamer.' })],
    decided,
    reclaimed: [...decided, ...mine],
    appealed,
    settled: [...appealed, earlierStep('AppealDecided', { ...appeal, outcome: 'upheld', facts }, 'lee')],
    overturned: [...appealed, earlierStep('AppealDecided', { ...appeal, outcome: 'overturned', facts }, 'lee')],
    reverted: [...decided, earlierStep('DecisionReverted', { decisionId: 'd1', reason: 'Wrong player.' }, 'lee')],
  };
}

const appeal = { appealId: 'a2', decisionId: 'd1', playerId: 's1', filedAt: now, statementHeldIn: 'eu' };
const deadlines = [{ deadline: 'decide', dueAt: '2026-01-31T13:00:00.000Z' }] as const;

/** Each command that means the same to all teams, and who may give it. Upholding does not: there clauses and sanctions differ. */
const lifecycle = {
  claim: [{ kind: 'claim' }, ann],
  release: [{ kind: 'release' }, ann],
  hand_over: [{ kind: 'hand_over', to: 'cid', reason: 'Knows the map.' }, ann],
  hold: [{ kind: 'hold', reason: 'Waits for a translation.' }, ann],
  resume: [{ kind: 'resume' }, ann],
  note: [{ kind: 'note', text: 'Looks clean.' }, ann],
  escalate: [{ kind: 'escalate', reason: 'A streamer.' }, ann],
  dismiss: [{ kind: 'decide', verdict: 'dismiss', facts: 'A matter of taste.', sanctions: [] }, ann],
  inconclusive: [{ kind: 'decide', verdict: 'inconclusive', facts: 'Nobody remembers.', sanctions: [] }, ann],
  approve: [{ kind: 'approve', decisionId: 'd1' }, pat],
  reject: [{ kind: 'reject', decisionId: 'd1', reason: 'Too thin.' }, pat],
  revert: [{ kind: 'revert', decisionId: 'd1', reason: 'Wrong player.' }, lee],
  open_appeal: [{ kind: 'open_appeal', ...appeal }, system],
  decide_appeal: [{ kind: 'decide_appeal', appealId: 'a1', outcome: 'overturned', facts: 'It was a bug.' }, lee],
  tick: [{ kind: 'tick', deadlines }, system],
} as const;
type LifecycleKind = (typeof lifecycle)[keyof typeof lifecycle][0];

/** The commands of the lifecycle by name, each as whoever may give it gives it. */
export const lifecycleCommands = <Command>(
  command: (kind: LifecycleKind, by: CasePerson) => Command,
): Readonly<Record<string, Command>> =>
  Object.fromEntries(Object.entries(lifecycle).map(([name, [kind, by]]) => [name, command(kind, by)]));
