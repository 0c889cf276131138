import { describe, expect, it } from '@jest/globals';
import { given } from '@ringside/testing';

import type { CaseCommand, LifecycleCommand } from './case-command.js';
import { initialCaseWork } from './case-work.js';
import {
  appeal,
  at,
  background,
  by,
  facts,
  hours,
  lifecycle,
  permanentBan,
  stepsOf,
  suspension,
  uphold,
} from './lifecycle.fixture.js';

const claimedByAda = [by('ada', 0, { kind: 'claim' })];
const claimedByBen = [by('ben', 0, { kind: 'claim' })];
const heldByAda = [...claimedByAda, by('ada', 1, { kind: 'hold', reason: 'Waits for the replay.' })];
const decided = [...claimedByAda, by('ada', 2, uphold(suspension))];
const proposed = [...claimedByAda, by('ada', 2, uphold(permanentBan))];
const appealed = [...decided, by('system', 3, appeal('a1', 'case.2', 3))];
const answer = (outcome: 'upheld' | 'overturned') => by('ben', 4, { kind: 'decide_appeal', appealId: 'a1', outcome, facts });

/** The states of a case, by the commands that lead there. Commands of the table come at minute 10, by Ada unless it says otherwise. */
const states = {
  'nobody took it': [],
  'Ada holds it': claimedByAda,
  'Ben holds it': claimedByBen,
  "Ada's lease ran out": [by('ada', -60, { kind: 'claim' })],
  'Ada put it on hold': heldByAda,
  'on hold, and nobody holds it': [...heldByAda, by('ada', 2, { kind: 'release' })],
  'Ada escalated it': [...claimedByAda, by('ada', 1, { kind: 'escalate', reason: 'Knows the player.' })],
  'a ban waits for approval': proposed,
  'a ban waits, and Ada holds it': [...proposed, by('ada', 5, { kind: 'claim' })],
  'the proposal ran out': [by('ada', -hours(73), { kind: 'claim' }), by('ada', -hours(73) + 2, uphold(permanentBan))],
  rejected: [...proposed, by('ann', 3, { kind: 'reject', decisionId: 'case.2', reason: 'Too thin.' })],
  decided,
  'Ada took it once decided': [...decided, by('ada', 5, { kind: 'claim' })],
  approved: [...proposed, by('ann', 3, { kind: 'approve', decisionId: 'case.2' })],
  reverted: [...decided, by('lea', 3, { kind: 'revert', decisionId: 'case.2', reason: 'The wrong player.' })],
  appealed,
  'the appeal was turned down': [...appealed, answer('upheld')],
  overturned: [...appealed, answer('overturned')],
} satisfies Record<string, readonly CaseCommand[]>;

const dueLongAgo = [{ deadline: 'decide', dueAt: at(0) }] as const;
const commands = {
  claim: ['ada', { kind: 'claim' }],
  release: ['ada', { kind: 'release' }],
  hand_over: ['ada', { kind: 'hand_over', to: 'cem', reason: 'Knows the game.' }],
  'hand_over by a lead': ['lea', { kind: 'hand_over', to: 'cem', reason: 'Knows the game.' }],
  hold: ['ada', { kind: 'hold', reason: 'Waits for the replay.' }],
  resume: ['ada', { kind: 'resume' }],
  note: ['ada', { kind: 'note', text: 'Look at match 7.' }],
  escalate: ['ada', { kind: 'escalate', reason: 'A streamer.' }],
  decide: ['ada', uphold(suspension)],
  'decide on a ban': ['ada', uphold(permanentBan)],
  approve: ['ann', { kind: 'approve', decisionId: 'case.2' }],
  reject: ['ann', { kind: 'reject', decisionId: 'case.2', reason: 'Too thin.' }],
  revert: ['lea', { kind: 'revert', decisionId: 'case.2', reason: 'The wrong player.' }],
  open_appeal: ['system', appeal('a2', 'case.2', 9)],
  decide_appeal: ['ben', { kind: 'decide_appeal', appealId: 'a1', outcome: 'overturned', facts }],
  tick: ['system', { kind: 'tick', deadlines: dueLongAgo }],
} satisfies Record<string, readonly ['ada' | 'ben' | 'ann' | 'lea' | 'system', LifecycleCommand]>;

type State = keyof typeof states;
const inEach = (expected: string, ...among: readonly State[]): Partial<Record<State, string>> =>
  Object.fromEntries(among.map((state) => [state, expected]));

const adasToWorkOn = ['Ada holds it', 'Ada escalated it'] as const;
const adas = [...adasToWorkOn, 'Ada put it on hold', 'a ban waits, and Ada holds it', 'Ada took it once decided'] as const;
const undecided = [
  ...adasToWorkOn,
  'nobody took it',
  'Ben holds it',
  "Ada's lease ran out",
  'Ada put it on hold',
  'on hold, and nobody holds it',
] as const;
/** Reports are open, the clock runs, and nobody else holds the case. */
const adasToDecide = [
  ...adasToWorkOn,
  'nobody took it',
  "Ada's lease ran out",
  'the proposal ran out',
  'rejected',
  'reverted',
  'overturned',
] as const;
const nothingOpen = ['decided', 'Ada took it once decided', 'approved', 'appealed', 'the appeal was turned down'] as const;
const waiting = ['a ban waits for approval', 'a ban waits, and Ada holds it'] as const;

/** The steps; `-` where the state forbids the command, `?` where the case does not have what it names. */
const expectations: Record<keyof typeof commands, Partial<Record<State, string>> & { readonly otherwise: string }> = {
  claim: { ...inEach('CaseClaimRenewed', ...adas), 'Ben holds it': '-', otherwise: 'CaseClaimed' },
  release: { ...inEach('CaseReleased', ...adas), otherwise: '-' },
  hand_over: { ...inEach('CaseHandedOver', ...adas), ...inEach('-', ...nothingOpen), otherwise: '-' },
  'hand_over by a lead': { ...inEach('-', ...nothingOpen), otherwise: 'CaseHandedOver' },
  hold: { ...inEach('CaseHeld', ...adasToWorkOn, 'a ban waits, and Ada holds it'), otherwise: '-' },
  resume: { 'Ada put it on hold': 'CaseResumed', otherwise: '-' },
  note: { otherwise: 'CaseNoted' },
  escalate: { ...inEach('-', 'Ada escalated it', ...nothingOpen), otherwise: 'CaseEscalated' },
  decide: { ...inEach('DecisionMade', ...adasToDecide), otherwise: '-' },
  'decide on a ban': { ...inEach('DecisionProposed', ...adasToDecide), otherwise: '-' },
  approve: { ...inEach('DecisionApproved', ...waiting), ...inEach('?', ...undecided), otherwise: '-' },
  reject: { ...inEach('DecisionRejected', ...waiting), ...inEach('?', ...undecided), otherwise: '-' },
  revert: {
    ...inEach('DecisionReverted', 'decided', 'Ada took it once decided', 'approved', 'the appeal was turned down'),
    ...inEach('?', ...undecided),
    otherwise: '-',
  },
  open_appeal: { ...inEach('AppealOpened', 'decided', 'Ada took it once decided', 'approved'), otherwise: 'AppealRefused' },
  decide_appeal: { appealed: 'AppealDecided', ...inEach('-', 'the appeal was turned down', 'overturned'), otherwise: '?' },
  tick: {
    ...inEach('', 'Ada put it on hold', 'on hold, and nobody holds it'),
    ...inEach('', ...nothingOpen),
    "Ada's lease ran out": 'CaseReleased DeadlineBreached',
    'the proposal ran out': 'DecisionRejected DeadlineBreached',
    otherwise: 'DeadlineBreached',
  },
};

describe('every command in every state', () => {
  const pairs = (Object.keys(states) as State[]).flatMap((state) =>
    Object.entries(expectations).map(([command, row]) => [state, command, row[state] ?? row.otherwise] as const),
  );

  it.each(pairs)('%s: %s -> %s', (state, command, expected) => {
    const [person, what] = commands[command as keyof typeof commands];
    const { result } = given(lifecycle, stepsOf(...states[state])).when(by(person, 10, what));
    const refusals: Record<string, string> = { wrong_state: '-', not_found: '?' };
    const steps = result.ok
      ? result.value.map(({ type }) => type).join(' ')
      : (refusals[result.error.code] ?? result.error.code);
    expect(steps).toBe(expected);
  });

  it('leaves a case as it is where nothing has to be done', () => {
    const tick = by('system', 10, { kind: 'tick', deadlines: [] });
    expect(given(lifecycle).when(tick).after).toBe(initialCaseWork);
  });
});

describe('the same command again', () => {
  const first: Record<keyof typeof commands, State> = {
    claim: 'nobody took it',
    release: 'Ada holds it',
    hand_over: 'Ada holds it',
    'hand_over by a lead': 'Ben holds it',
    hold: 'Ada holds it',
    resume: 'Ada put it on hold',
    note: 'nobody took it',
    escalate: 'Ada holds it',
    decide: 'Ada holds it',
    'decide on a ban': 'Ada holds it',
    approve: 'a ban waits for approval',
    reject: 'a ban waits for approval',
    revert: 'decided',
    open_appeal: 'decided',
    decide_appeal: 'appealed',
    tick: "Ada's lease ran out",
  };

  it.each(Object.entries(first))('%s adds no step', (command, state) => {
    const [person, what] = commands[command as keyof typeof commands];
    const { events, again } = given(lifecycle, stepsOf(...states[state])).when(by(person, 10, what));
    expect(events).not.toEqual([]);
    if (again.ok) expect(again.value).toEqual([]);
    else expect(again.error.code).toBe('wrong_state');
  });

  it('yields nothing for a claim, a note and what the service does; what people did cannot be done twice', () => {
    const silent = Object.entries(first).filter(([command, state]) => {
      const [person, what] = commands[command as keyof typeof commands];
      return given(lifecycle, stepsOf(...states[state])).when(by(person, 10, what)).again.ok;
    });
    expect(silent.map(([command]) => command)).toEqual(['claim', 'note', 'open_appeal', 'tick']);
  });
});

describe('who may', () => {
  const everybody = ['ada', 'ann', 'lea', 'rex', 'system'] as const;
  const allowed: Record<LifecycleCommand['kind'], readonly (typeof everybody)[number][]> = {
    claim: ['ada', 'lea'],
    release: ['ada', 'lea'],
    hand_over: ['ada', 'lea'],
    hold: ['ada', 'lea'],
    resume: ['ada', 'lea'],
    note: ['ada', 'ann', 'lea'],
    escalate: ['ada', 'lea'],
    decide: ['ada', 'lea'],
    approve: ['ann', 'lea'],
    reject: ['ann', 'lea'],
    revert: ['lea'],
    open_appeal: ['system'],
    decide_appeal: ['ada', 'lea'],
    tick: ['system'],
  };

  it.each(Object.entries(allowed))('%s: %j', (kind, admitted) => {
    const [, what] = commands[kind as LifecycleCommand['kind']];
    const refused = everybody.filter((person) => {
      const { result } = given(lifecycle).when(by(person, 10, what, { background: background() }));
      return !result.ok && result.error.code === 'forbidden';
    });
    expect(everybody.filter((person) => !refused.includes(person))).toEqual(admitted);
  });

  it('does not take a person for the service who is called so', () => {
    const impostor = { by: { sub: 'system', roles: ['lead'] as const } };
    expect(given(lifecycle).when(by('lea', 0, { kind: 'claim' }, impostor)).refusal.code).toBe('forbidden');
  });
});
