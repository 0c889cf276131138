import { describe, expect, it } from '@jest/globals';
import { given } from '@ringside/testing';

import { at, background, by, lifecycle, report, stepsOf } from './lifecycle.fixture.js';

const claimedByAda = stepsOf(by('ada', 0, { kind: 'claim' }));
const held = stepsOf(by('ada', 0, { kind: 'claim' }), by('ada', 1, { kind: 'hold', reason: 'Waits for the replay.' }));

describe('a claim', () => {
  it('is a lease of thirty minutes', () => {
    expect(claimedByAda).toEqual([{ type: 'CaseClaimed', at: at(0), by: 'ada', data: { until: at(30) } }]);
  });

  it('is renewed by claiming again', () => {
    const { events, after } = given(lifecycle, claimedByAda).when(by('ada', 20, { kind: 'claim' }));
    expect(events).toMatchObject([{ type: 'CaseClaimRenewed', data: { until: at(50) } }]);
    expect(after.acknowledgedAt).toBe(at(20));
  });

  it('does not get shorter where clocks differ', () => {
    expect(given(lifecycle, claimedByAda).when(by('ada', -1, { kind: 'claim' })).events).toEqual([]);
  });

  it('keeps others out until it runs out, and says who and until when', () => {
    const ben = given(lifecycle, claimedByAda);
    expect(ben.when(by('ben', 29, { kind: 'claim' })).refusal).toEqual({
      code: 'wrong_state',
      detail: `ada holds the case until ${at(30)}. Take another case, wait until then, or ask a lead to hand it over.`,
    });
    expect(ben.when(by('ben', 30, { kind: 'claim' })).events).toMatchObject([{ type: 'CaseClaimed', by: 'ben' }]);
  });

  it('that ran out is none, and its holder is told so', () => {
    const { refusal } = given(lifecycle, claimedByAda).when(by('ada', 30, { kind: 'hold', reason: 'Lunch.' }));
    expect(refusal.detail).toBe(`Your claim ran out at ${at(30)}. Claim the case again first.`);
  });

  it('goes to somebody by name, with a lease of its own', () => {
    const { after } = given(lifecycle, claimedByAda).when(
      by('ada', 10, { kind: 'hand_over', to: 'ben', reason: 'Speaks Turkish.' }),
    );
    expect(after.claim).toEqual({ by: 'ben', until: at(40) });
  });

  it.each([
    [{ to: '', reason: 'x' }, '/to', 'To must not be empty.'],
    [{ to: 'x'.repeat(129), reason: 'x' }, '/to', 'To must have at most 128 characters.'],
    [{ to: ' ', reason: 'x' }, '/to', 'To must be a name that can be seen, without spaces around it.'],
    [{ to: 'ben ', reason: 'x' }, '/to', 'To must be a name that can be seen, without spaces around it.'],
    [{ to: '\u200b', reason: 'x' }, '/to', 'To must be a name that can be seen, without spaces around it.'],
    [{ to: 'system', reason: 'x' }, '/to', 'Name the person who takes the case over.'],
    [{ to: 'ada', reason: 'x' }, '/to', 'ada holds the case already.'],
    [{ to: 'ben', reason: ' ' }, '/reason', 'Say why the case goes to somebody else.'],
  ])('is not handed over as %j', (order, pointer, detail) => {
    const { refusal } = given(lifecycle, claimedByAda).when(by('ada', 1, { kind: 'hand_over', ...order }));
    expect(refusal).toMatchObject({ pointer, detail });
  });

  it('is given back by its holder or a lead', () => {
    const { when } = given(lifecycle, claimedByAda);
    expect(when(by('ben', 1, { kind: 'release' })).refusal.code).toBe('wrong_state');
    expect(when(by('lea', 1, { kind: 'release' })).after.claim).toBeNull();
  });

  it('is not given back as that of somebody who had the case before', () => {
    const { when } = given(lifecycle, claimedByAda);
    expect(when(by('lea', 1, { kind: 'release', of: 'ben' })).refusal).toEqual({
      code: 'wrong_state',
      detail: 'ada holds the case by now, and keeps it.',
    });
    expect(when(by('lea', 1, { kind: 'release', of: 'ada' })).after.claim).toBeNull();
  });

  it('on a case that is on hold for another reason is not resumed as if that were the one meant', () => {
    const { when } = given(lifecycle, held);
    expect(when(by('lea', 2, { kind: 'resume', reason: 'Another one.' })).refusal.code).toBe('wrong_state');
    expect(when(by('lea', 2, { kind: 'resume', reason: 'Waits for the replay.' })).after.held).toBeNull();
  });
});

describe('a hold', () => {
  it('stops the clock for as long as it lasts, hold upon hold', () => {
    const twice = stepsOf(
      by('ada', 0, { kind: 'claim' }),
      by('ada', 1, { kind: 'hold', reason: 'Waits for the replay.' }),
      by('ada', 11, { kind: 'resume' }),
      by('ada', 12, { kind: 'hold', reason: 'Again.' }),
    );
    const { state, when } = given(lifecycle, twice);
    expect(state).toMatchObject({ pausedMs: 10 * 60_000, held: { since: at(12), reason: 'Again.' } });
    expect(when(by('ada', 14, { kind: 'resume' })).after).toMatchObject({ pausedMs: 12 * 60_000, held: null });
  });

  it('is refused where the policy says why', () => {
    const waiting = background({ openReports: [report('r1', 'self_harm')] });
    const { refusal } = given(lifecycle, claimedByAda).when(
      by('ada', 1, { kind: 'hold', reason: 'Lunch.' }, { background: waiting }),
    );
    expect(refusal).toEqual({ code: 'wrong_state', detail: 'A report of self-harm does not wait: decide the case.' });
  });

  it('keeps the case from being decided, and says what to do', () => {
    const decide = by('ada', 2, { kind: 'decide', verdict: 'dismiss', facts: 'Nothing.', sanctions: [] });
    expect(given(lifecycle, held).when(decide).refusal.detail).toContain('Resume it first.');
  });

  it('is ended by the service where a report that forbids it came in', () => {
    const tick = by(
      'system',
      3,
      { kind: 'tick', deadlines: [] },
      { background: background({ openReports: [report('r9', 'self_harm')] }) },
    );
    const { events, again } = given(lifecycle, held).when(tick);
    expect(events).toMatchObject([{ type: 'CaseResumed', by: 'system', data: { pausedMs: 120_000 } }]);
    expect(again).toEqual({ ok: true, value: [] });
  });
});

describe('what a case worker writes', () => {
  it.each([
    ['note', { kind: 'note', text: 'x'.repeat(4001) }, '/text', 'Text must have at most 4000 characters.'],
    ['note', { kind: 'note', text: 'bell \u0007' }, '/text', 'Text must not contain control characters'],
    ['note', { kind: 'note', text: '\n\t ' }, '/text', 'A note has a text.'],
    ['hold', { kind: 'hold', reason: '\u200b\u2060' }, '/reason', 'Say what the case waits for'],
    ['hold', { kind: 'hold', reason: '' }, '/reason', 'Say what the case waits for'],
    ['escalate', { kind: 'escalate', reason: '' }, '/reason', 'Say what a lead has to look at.'],
  ] as const)('%s is refused as %j', (_kind, command, pointer, detail) => {
    const { refusal } = given(lifecycle, claimedByAda).when(by('ada', 1, command));
    expect(refusal).toMatchObject({ code: 'invalid', pointer, detail: expect.stringContaining(detail) });
  });

  it('is kept, the same words at another time as well', () => {
    const first = stepsOf(by('ada', 0, { kind: 'note', text: 'Seen.' }));
    expect(given(lifecycle, first).when(by('ada', 1, { kind: 'note', text: 'Seen.' })).events).toHaveLength(1);
    expect(given(lifecycle, first).when(by('ben', 0, { kind: 'note', text: 'Seen.' })).events).toHaveLength(1);
  });
});
