import { describe, expect, it } from '@jest/globals';
import { isoTime } from '@ringside/core';
import { given } from '@ringside/testing';

import { appealableUntil } from './appeals.js';
import { appeal, at, by, facts, lifecycle, permanentBan, stepsOf, suspension, uphold } from './lifecycle.fixture.js';

const decided = stepsOf(by('ada', 0, { kind: 'claim' }), by('ada', 1, uphold(suspension)));
const minutesUntil = (time: string) => (Date.parse(time) - Date.parse(at(0))) / 60_000;

describe('how long a decision can be appealed', () => {
  it.each([
    ['2026-01-31T12:00:00.000Z', '2026-07-31T23:59:59.999Z'],
    ['2026-08-31T00:00:00.000Z', '2027-02-28T23:59:59.999Z'],
    ['2027-08-31T00:00:00.000Z', '2028-02-29T23:59:59.999Z'],
    ['2026-08-30T23:59:59.999Z', '2027-02-28T23:59:59.999Z'],
    ['2026-12-31T12:00:00.000Z', '2027-06-30T23:59:59.999Z'],
    ['2026-07-15T12:00:00.000Z', '2027-01-15T23:59:59.999Z'],
  ])('%s: until %s', (effectiveAt, until) => {
    expect(appealableUntil(effectiveAt)).toBe(until);
  });
});

describe('an appeal', () => {
  it('is opened by the player', () => {
    const { events } = given(lifecycle, decided).when(by('system', 9, appeal('a1', 'case.2', 8)));
    expect(events).toEqual([
      {
        type: 'AppealOpened',
        at: at(9),
        by: 'system',
        data: { appealId: 'a1', decisionId: 'case.2', filedAt: at(8), statementHeldIn: 'eu' },
      },
    ]);
  });

  const lastMinute = minutesUntil('2026-07-31T23:59:59.999Z');
  it('is in time until the end of the last day, however late it comes in', () => {
    const { when } = given(lifecycle, decided);
    expect(when(by('system', lastMinute + 999, appeal('a1', 'case.2', lastMinute))).events).toMatchObject([
      { type: 'AppealOpened' },
    ]);
    expect(when(by('system', lastMinute + 999, appeal('a1', 'case.2', lastMinute + 1 / 60_000))).events).toMatchObject([
      { type: 'AppealRefused', data: { because: 'too_late' } },
    ]);
  });

  const opened = [...decided, ...given(lifecycle, decided).when(by('system', 9, appeal('a1', 'case.2', 8))).events];
  const answered = (outcome: 'upheld' | 'overturned') => [
    ...opened,
    ...given(lifecycle, opened).when(by('ben', 20, { kind: 'decide_appeal', appealId: 'a1', outcome, facts })).events,
  ];
  const reverted = [
    ...decided,
    ...given(lifecycle, decided).when(by('lea', 3, { kind: 'revert', decisionId: 'case.2', reason: 'x' })).events,
  ];
  const proposed = stepsOf(by('ada', 0, { kind: 'claim' }), by('ada', 1, uphold(permanentBan)));

  it.each([
    ['not_the_subject', decided, { playerId: 'somebody' }],
    ['not_the_subject', [], { playerId: 'somebody' }],
    ['no_such_decision', decided, { decisionId: 'case.7' }],
    ['no_such_decision', [], { decisionId: '__proto__' }],
    ['not_in_effect', reverted, {}],
    ['not_in_effect', proposed, {}],
    ['already_open', opened, {}],
    ['already_decided', answered('upheld'), {}],
    ['already_decided', answered('overturned'), {}],
  ] as const)('is refused as %s', (because, history, order) => {
    const command = by('system', 30, { ...appeal('a2', 'case.2', 29), ...order } as never);
    const { events, again } = given(lifecycle, history).when(command);
    expect(events).toMatchObject([{ type: 'AppealRefused', data: { appealId: 'a2', because } }]);
    expect(again).toEqual({ ok: true, value: [] });
  });

  it.each(['ada', 'ann'] as const)('is not decided by %s, who made or approved the decision', (person) => {
    const banned = [
      ...proposed,
      ...given(lifecycle, proposed).when(by('ann', 5, { kind: 'approve', decisionId: 'case.2' })).events,
    ];
    const open = [...banned, ...given(lifecycle, banned).when(by('system', 9, appeal('a1', 'case.2', 8))).events];
    const everything = { sub: person, roles: ['case_worker', 'approver', 'lead'] as const };
    const decide = by(person, 20, { kind: 'decide_appeal', appealId: 'a1', outcome: 'upheld', facts }, { by: everything });
    expect(given(lifecycle, open).when(decide).refusal.code).toBe('forbidden');
  });

  it('keeps the decision where it is turned down, and that is final', () => {
    const { state, when } = given(lifecycle, answered('upheld'));
    expect(state.decisions['case.2']!.state).toBe('in_effect');
    const again = when(by('lea', 30, { kind: 'decide_appeal', appealId: 'a1', outcome: 'overturned', facts }));
    expect(again.refusal).toMatchObject({ code: 'wrong_state', detail: expect.stringContaining('final') });
  });

  it('ends the decision where it succeeds', () => {
    const { state } = given(lifecycle, answered('overturned'));
    expect(state.decisions['case.2']).toMatchObject({ state: 'overturned', endedBy: 'ben', endedAt: at(20) });
    expect(state.appeals['a1']).toMatchObject({
      state: 'decided',
      outcome: 'overturned',
      decidedBy: 'ben',
      statementHeldIn: 'eu',
    });
  });

  it('is decided with facts', () => {
    const decide = by('ben', 20, { kind: 'decide_appeal', appealId: 'a1', outcome: 'upheld', facts: '' });
    expect(given(lifecycle, opened).when(decide).refusal).toMatchObject({ code: 'invalid', pointer: '/facts' });
  });

  it('that is open keeps the team from taking the decision back past it', () => {
    const { refusal } = given(lifecycle, opened).when(by('lea', 20, { kind: 'revert', decisionId: 'case.2', reason: 'x' }));
    expect(refusal).toMatchObject({ code: 'wrong_state', detail: expect.stringContaining('Decide the appeal instead.') });
  });

  it('that was not taken up is not decided', () => {
    const refused = given(lifecycle, reverted).when(by('system', 30, appeal('a2', 'case.2', 29))).events;
    const decide = by('ben', 40, { kind: 'decide_appeal', appealId: 'a2', outcome: 'upheld', facts });
    expect(given(lifecycle, [...reverted, ...refused]).when(decide).refusal.code).toBe('wrong_state');
  });

  it.each(['a9', 'constructor'])('is not found as %s', (appealId) => {
    const decide = by('ben', 20, { kind: 'decide_appeal', appealId, outcome: 'upheld', facts });
    expect(given(lifecycle, opened).when(decide).refusal.code).toBe('not_found');
  });

  it('runs six months from when an approved decision took effect, not from when it was proposed', () => {
    const banned = [
      ...proposed,
      ...given(lifecycle, proposed).when(by('ann', 60 * 24, { kind: 'approve', decisionId: 'case.2' })).events,
    ];
    const filed = minutesUntil(isoTime(Date.UTC(2026, 7, 1, 12)));
    expect(given(lifecycle, banned).when(by('system', filed, appeal('a1', 'case.2', filed))).events).toMatchObject([
      { type: 'AppealOpened' },
    ]);
  });
});
