import { describe, expect, it } from '@jest/globals';
import { given } from '@ringside/testing';

import { at, background, by, hours, lifecycle, permanentBan, stepsOf, uphold } from './lifecycle.fixture.js';

const claimed = stepsOf(by('ada', 0, { kind: 'claim' }));
const decideAt = (minute: number) => ({ deadline: 'decide', dueAt: at(minute) }) as const;
const acknowledgeAt = (minute: number) => ({ deadline: 'acknowledge', dueAt: at(minute) }) as const;

describe('a deadline', () => {
  it.each([
    [-hours(4) - 1, []],
    [-hours(4), ['DeadlineApproached']],
    [-1, ['DeadlineApproached']],
    [0, ['DeadlineBreached']],
    [hours(9), ['DeadlineBreached']],
  ])('is told of %i minutes after it as %j', (minute, expected) => {
    const { events, again } = given(lifecycle).when(by('system', minute, { kind: 'tick', deadlines: [decideAt(0)] }));
    expect(events.map(({ type }) => type)).toEqual(expected);
    expect(again).toEqual({ ok: true, value: [] });
  });

  it('is near once and past once', () => {
    const tick = (minute: number) => by('system', minute, { kind: 'tick', deadlines: [decideAt(0), acknowledgeAt(-hours(1))] });
    const steps = stepsOf(...[-300, -200, -100, -50, 0, 50].map(tick));
    expect(steps.map(({ type, data, at: when }) => [type, 'deadline' in data && data.deadline, when])).toEqual([
      ['DeadlineApproached', 'acknowledge', at(-300)],
      ['DeadlineApproached', 'decide', at(-200)],
      ['DeadlineBreached', 'acknowledge', at(-50)],
      ['DeadlineBreached', 'decide', at(0)],
    ]);
  });

  it('that moved is a new one', () => {
    const near = given(lifecycle).when(by('system', -1, { kind: 'tick', deadlines: [decideAt(0)] })).events;
    const { events } = given(lifecycle, near).when(by('system', -1, { kind: 'tick', deadlines: [decideAt(60)] }));
    expect(events).toMatchObject([{ type: 'DeadlineApproached', data: { dueAt: at(60) } }]);
  });

  it('does not pass while the case is on hold', () => {
    const held = [...claimed, ...given(lifecycle, claimed).when(by('ada', 1, { kind: 'hold', reason: 'Replay.' })).events];
    expect(given(lifecycle, held).when(by('system', 9, { kind: 'tick', deadlines: [decideAt(0)] })).events).toEqual([]);
  });

  it('of a case that was decided meanwhile is met', () => {
    const nothingOpen = { background: background({ openReports: [] }) };
    expect(given(lifecycle).when(by('system', 9, { kind: 'tick', deadlines: [decideAt(0)] }, nothingOpen)).events).toEqual([]);
  });

  it('to acknowledge is met by whoever holds the case', () => {
    const tick = by('system', 9, { kind: 'tick', deadlines: [acknowledgeAt(0), decideAt(0)] });
    expect(given(lifecycle, claimed).when(tick).events).toMatchObject([{ data: { deadline: 'decide' } }]);
  });

  it('is remembered, and as many as a case has', () => {
    const ticks = Array.from({ length: 200 }, (_, i) => by('system', i, { kind: 'tick', deadlines: [decideAt(i)] }));
    const { announced } = given(lifecycle, stepsOf(...ticks)).state;
    expect(announced).toHaveLength(64);
    expect(announced.at(-1)).toBe(`decide/breached/${at(199)}`);
  });
});

describe('a lease', () => {
  it('that ran out ends, also on hold', () => {
    const held = [...claimed, ...given(lifecycle, claimed).when(by('ada', 1, { kind: 'hold', reason: 'Replay.' })).events];
    for (const history of [claimed, held]) {
      const { when } = given(lifecycle, history);
      expect(when(by('system', 29, { kind: 'tick', deadlines: [] })).events).toEqual([]);
      expect(when(by('system', 30, { kind: 'tick', deadlines: [] })).events).toMatchObject([
        { type: 'CaseReleased', by: 'system', data: { because: 'expired' } },
      ]);
    }
  });
});

describe('a proposal', () => {
  it('that nobody answered comes to nothing, from the moment on at which it runs out', () => {
    const proposed = stepsOf(by('ada', 0, { kind: 'claim' }), by('ada', 1, uphold(permanentBan)));
    const { when } = given(lifecycle, proposed);
    expect(when(by('system', hours(72), { kind: 'tick', deadlines: [] })).events).toEqual([]);
    const { events, after } = when(by('system', 1 + hours(72), { kind: 'tick', deadlines: [] }));
    expect(events).toMatchObject([
      { type: 'DecisionRejected', data: { because: 'expired', reason: 'Nobody answered within 72 hours.' } },
    ]);
    expect(after.decisions['case.2']).toMatchObject({ state: 'rejected', rejectedBy: 'system', because: 'expired' });
  });
});
