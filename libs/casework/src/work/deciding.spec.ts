import { describe, expect, it } from '@jest/globals';
import { given } from '@ringside/testing';

import type { LifecycleCommand } from './case-command.js';
import {
  at,
  background,
  by,
  facts,
  lifecycle,
  permanentBan,
  report,
  stepsOf,
  suspension,
  uphold,
} from './lifecycle.fixture.js';

const claimed = stepsOf(by('ada', 0, { kind: 'claim' }));
const decide = (given: Partial<Extract<LifecycleCommand, { kind: 'decide' }>>): LifecycleCommand =>
  ({ ...uphold(suspension), ...given }) as LifecycleCommand;

describe('a decision', () => {
  it('has ids that lead to its case, the reports that were seen, and the strikes that counted', () => {
    const { events } = given(lifecycle, claimed).when(
      by('ada', 1, uphold(suspension), { background: background({ priorStrikes: 2 }) }),
    );
    expect(events).toEqual([
      {
        type: 'DecisionMade',
        at: at(1),
        by: 'ada',
        data: {
          decision: {
            decisionId: 'case.2',
            verdict: 'uphold',
            clause: 'fair-play/2.1',
            facts,
            sanctions: [{ sanctionId: 'case.2.1', kind: 'suspend', durationHours: 72 }],
            reportIds: ['r1', 'r2'],
            priorStrikes: 2,
            automated: false,
          },
        },
      },
    ]);
  });

  it('ends the claim, the escalation and the pauses of this round', () => {
    const history = stepsOf(
      by('ada', 0, { kind: 'claim' }),
      by('ada', 1, { kind: 'escalate', reason: 'A streamer.' }),
      by('ada', 2, { kind: 'hold', reason: 'Replay.' }),
      by('ada', 5, { kind: 'resume' }),
    );
    const { after } = given(lifecycle, history).when(by('ada', 6, uphold(suspension)));
    expect(after).toMatchObject({ claim: null, escalated: false, pausedMs: 0, acknowledgedAt: at(6) });
  });

  it('needs no claim where nobody has one, and takes the case on all the same', () => {
    const { events, after } = given(lifecycle).when(by('ada', 1, uphold(suspension)));
    expect(events).toMatchObject([{ type: 'DecisionMade', by: 'ada' }]);
    expect(after).toMatchObject({ claim: null, acknowledgedAt: at(1) });
    const ranOut = stepsOf(by('ben', 0, { kind: 'claim' }));
    expect(given(lifecycle, ranOut).when(by('ada', 30, uphold(suspension))).events).toHaveLength(1);
  });

  it('is refused while somebody else holds the case, who is named, and until when', () => {
    const theirs = stepsOf(by('ben', 0, { kind: 'claim' }));
    const { refusal } = given(lifecycle, theirs).when(by('ada', 1, uphold(suspension)));
    expect(refusal).toEqual({ code: 'wrong_state', detail: expect.stringContaining(`ben holds the case until ${at(30)}.`) });
  });

  it('waits for somebody else where the policy says so, and its claim ends all the same', () => {
    const { events, after } = given(lifecycle, claimed).when(by('ada', 1, uphold(permanentBan)));
    expect(events).toMatchObject([{ type: 'DecisionProposed', data: { expiresAt: at(1 + 72 * 60) } }]);
    expect(after).toMatchObject({ claim: null, decisions: { 'case.2': { state: 'proposed', decidedBy: 'ada' } } });
  });

  it.each([
    [1, 0],
    [1000, 0],
    [1001, 1],
    [2500, 2],
  ])('covers %i reports in one step and %i more', (count, further) => {
    const openReports = Array.from({ length: count }, (_, index) => report(`r${index}`));
    const { events, after } = given(lifecycle, claimed).when(
      by('ada', 1, uphold(suspension), { background: background({ openReports }) }),
    );
    expect(events.map(({ type }) => type)).toEqual([
      'DecisionMade',
      ...Array.from({ length: further }, () => 'ReportsCovered'),
    ]);
    expect(after.decisions['case.2']!.reportIds).toEqual(openReports.map(({ reportId }) => reportId));
    expect(after.version).toBe(2 + further);
  });

  it('names a report once', () => {
    const twice = background({ openReports: [report('r1'), report('r1', 'wallhack')] });
    const { after } = given(lifecycle, claimed).when(by('ada', 1, uphold(suspension), { background: twice }));
    expect(after.decisions['case.2']!.reportIds).toEqual(['r1']);
  });

  it('covers nothing that another one covers, though the views do not know that yet', () => {
    const decided = stepsOf(by('ada', 0, { kind: 'claim' }), by('ada', 1, uphold(suspension)), by('ada', 2, { kind: 'claim' }));
    const { when } = given(lifecycle, decided);
    const lagging = background({ openReports: [report('r1'), report('r2'), report('r3')] });
    expect(when(by('ada', 3, uphold(suspension), { background: lagging })).after.decisions['case.4']!.reportIds).toEqual([
      'r3',
    ]);
    expect(when(by('ada', 3, uphold(suspension))).refusal.code).toBe('wrong_state');
  });

  it('covers what does not count as well, once', () => {
    const seen = background({ openReports: [report('r1')], uncounted: [report('r2'), report('r3')] });
    const first = given(lifecycle, claimed).when(by('ada', 1, uphold(suspension), { background: seen }));
    expect(first.after.decisions['case.2']!.reportIds).toEqual(['r1', 'r2', 'r3']);
    const lagging = background({ openReports: [], uncounted: [report('r2'), report('r4')] });
    const next = lifecycle.decide(first.after, by('ada', 3, uphold(suspension), { background: lagging }));
    expect(next).toMatchObject({ ok: true, value: [{ data: { decision: { reportIds: ['r4'] } } }] });
  });

  it('needs an open report', () => {
    const nothing = background({ openReports: [] });
    const { refusal } = given(lifecycle, claimed).when(by('ada', 1, uphold(suspension), { background: nothing }));
    expect(refusal.code).toBe('wrong_state');
  });

  it.each<[string, Partial<Extract<LifecycleCommand, { kind: 'decide' }>>, string, string]>([
    ['no facts', { facts: '  ' }, '/facts', 'Say on which facts'],
    [
      'a dismissal without a reason',
      { verdict: 'dismiss', facts: '', sanctions: [] },
      '/facts',
      'Say why the reports are dismissed.',
    ],
    [
      'an open end without a reason',
      { verdict: 'inconclusive', facts: '', sanctions: [] },
      '/facts',
      'does not settle the matter',
    ],
    ['facts that are too long', { facts: 'x'.repeat(4001) }, '/facts', 'Facts must have at most 4000 characters.'],
    ['a clause without a name', { clause: '' }, '/clause', 'Clause must'],
    ['a clause that is a book', { verdict: 'dismiss', sanctions: [], clause: 'x'.repeat(65) }, '/clause', 'Clause must'],
    ['sanctions of a dismissal', { verdict: 'dismiss' }, '/sanctions', 'uphold alone'],
    ['sanctions of an open end', { verdict: 'inconclusive' }, '/sanctions', 'uphold alone'],
    [
      'a suspension without a duration',
      { sanctions: [{ kind: 'suspend' }] },
      '/sanctions/0/durationHours',
      'Say for how many hours',
    ],
    [
      'a warning with one',
      { sanctions: [{ kind: 'warn', durationHours: 1 }] },
      '/sanctions/0/durationHours',
      'Leave the duration out',
    ],
    [
      'a duration of nothing',
      { sanctions: [{ kind: 'ban', durationHours: 0 }] },
      '/sanctions/0/durationHours',
      'from 1 to 87600',
    ],
    ['half an hour', { sanctions: [{ kind: 'ban', durationHours: 0.5 }] }, '/sanctions/0/durationHours', 'whole number'],
    ['eleven years', { sanctions: [{ kind: 'ban', durationHours: 96_360 }] }, '/sanctions/0/durationHours', 'from 1 to 87600'],
    [
      'a kind that is not the team’s',
      { sanctions: [{ kind: 'mute', durationHours: 1 }] },
      '/sanctions/0/kind',
      'warn, suspend, ban',
    ],
    ['a kind twice', { sanctions: [suspension, suspension] }, '/sanctions/1/kind', 'Impose suspend once'],
  ])('is refused with %s', (_what, order, pointer, detail) => {
    const { refusal } = given(lifecycle, claimed).when(by('ada', 1, decide(order)));
    expect(refusal).toEqual({ code: 'invalid', pointer, detail: expect.stringContaining(detail) });
  });

  it('needs a clause to uphold', () => {
    const { clause: _, ...unfounded } = uphold(suspension) as Extract<LifecycleCommand, { kind: 'decide' }>;
    const { refusal } = given(lifecycle, claimed).when(by('ada', 1, unfounded));
    expect(refusal).toMatchObject({ pointer: '/clause', detail: 'Name the clause that was broken.' });
  });

  it.each(['fair-play/9', 'constructor'])('takes a clause that the policy does not know: %s', (clause) => {
    const { events } = given(lifecycle, claimed).when(by('ada', 1, decide({ clause })));
    expect(events).toMatchObject([{ type: 'DecisionMade', data: { decision: { clause } } }]);
  });

  it('may dismiss with the clause that was at issue, or without one', () => {
    const dismiss = { kind: 'decide', verdict: 'dismiss', facts, sanctions: [] } as const;
    const { when } = given(lifecycle, claimed);
    expect(when(by('ada', 1, dismiss)).events).toHaveLength(1);
    expect(when(by('ada', 1, { ...dismiss, clause: 'fair-play/2.1' })).events).toHaveLength(1);
  });
});

describe('a proposal', () => {
  const proposed = stepsOf(by('ada', 0, { kind: 'claim' }), by('ada', 1, uphold(permanentBan)));
  const byALead = stepsOf(by('lea', 0, { kind: 'claim' }), by('lea', 1, uphold(permanentBan)));
  const approve = { kind: 'approve', decisionId: 'case.2' } as const;

  it('takes effect when somebody else approves', () => {
    const { after } = given(lifecycle, proposed).when(by('ann', 5, approve));
    const { state, ...decision } = after.decisions['case.2']!;
    expect(state).toBe('in_effect');
    expect(decision).toMatchObject({ decidedBy: 'ada', decidedAt: at(1), effectiveAt: at(5), approvedBy: 'ann' });
    expect(decision).not.toHaveProperty('expiresAt');
  });

  it('is not approved by whoever made it, but may be taken back by them', () => {
    const { when } = given(lifecycle, byALead);
    expect(when(by('lea', 5, approve)).refusal.code).toBe('forbidden');
    const { after } = when(by('lea', 5, { kind: 'reject', decisionId: 'case.2', reason: 'Not so sure.' }));
    expect(after.decisions['case.2']).toMatchObject({ state: 'rejected', rejectedBy: 'lea', because: 'rejected' });
  });

  it('cannot be approved from the moment on at which it runs out', () => {
    const { when } = given(lifecycle, proposed);
    expect(when(by('ann', 72 * 60, approve)).events).toHaveLength(1);
    expect(when(by('ann', 1 + 72 * 60, approve)).refusal).toMatchObject({
      code: 'wrong_state',
      detail: expect.stringContaining('ran out'),
    });
  });

  it('keeps others from deciding until it runs out, and not from that moment on', () => {
    const { state, when } = given(lifecycle, [...proposed, ...claimAt(72 * 60)]);
    expect(state.decisions['case.2']!.state).toBe('proposed');
    expect(when(by('ada', 72 * 60, uphold(suspension))).refusal.code).toBe('wrong_state');
    expect(when(by('ada', 72 * 60 + 1, uphold(suspension))).events).toMatchObject([{ type: 'DecisionMade' }]);
  });

  it('is not approved where its reports are decided already, by a clock that is ahead', () => {
    const [decideAnew, ahead] = [by('ada', 72 * 60 + 1, uphold(suspension)), [...proposed, ...claimAt(72 * 60)]];
    const overtaken = [...ahead, ...given(lifecycle, ahead).when(decideAnew).events];
    const { state, when } = given(lifecycle, overtaken);
    expect(state.decisions['case.4']).toMatchObject({ state: 'in_effect', reportIds: ['r1', 'r2'] });
    expect(when(by('ann', 72 * 60, approve)).refusal).toMatchObject({
      code: 'wrong_state',
      detail: expect.stringContaining('Decision case.4 is in effect for reports of this proposal.'),
    });
    expect(when(by('ann', 72 * 60, { ...approve, kind: 'reject', reason: 'Decided.' })).events).toHaveLength(1);

    const others = { background: background({ openReports: [report('r3')] }) };
    const elsewhere = given(lifecycle, ahead).when(by('ada', 72 * 60 + 1, uphold(suspension), others)).events;
    expect(given(lifecycle, [...ahead, ...elsewhere]).when(by('ann', 72 * 60, approve)).events).toHaveLength(1);
  });

  it('is rejected with a reason', () => {
    const { refusal } = given(lifecycle, proposed).when(by('ann', 5, { kind: 'reject', decisionId: 'case.2', reason: '' }));
    expect(refusal).toMatchObject({ code: 'invalid', pointer: '/reason' });
  });

  it('that comes to nothing leaves the round of work as it is, and its pauses with it', () => {
    const rejected = stepsOf(
      by('ada', 0, { kind: 'claim' }),
      by('ada', 1, { kind: 'hold', reason: 'Replay.' }),
      by('ada', 5, { kind: 'resume' }),
      by('ada', 6, uphold(permanentBan)),
      by('ann', 7, { kind: 'reject', decisionId: 'case.4', reason: 'Too thin.' }),
    );
    expect(given(lifecycle, rejected).state).toMatchObject({ pausedMs: 4 * 60_000, claim: null });
  });

  it.each(['case.9', 'constructor', '__proto__'])('is not found as %s', (decisionId) => {
    for (const kind of ['approve', 'reject', 'revert'] as const) {
      const { refusal } = given(lifecycle, proposed).when(by('lea', 5, { kind, decisionId, reason: 'x' } as LifecycleCommand));
      expect(refusal.code).toBe('not_found');
    }
  });

  const claimAt = (minute: number) => stepsOf(by('ada', minute, { kind: 'claim' }));
});

describe('taking a decision back', () => {
  const decided = [...claimed, ...given(lifecycle, claimed).when(by('ada', 1, uphold(suspension))).events];

  it('is for leads, with a reason', () => {
    const { when } = given(lifecycle, decided);
    const revert = { kind: 'revert', decisionId: 'case.2', reason: 'The wrong player.' } as const;
    expect(when(by('ada', 5, revert)).refusal.code).toBe('forbidden');
    expect(when(by('lea', 5, { ...revert, reason: '' })).refusal.pointer).toBe('/reason');
    expect(when(by('lea', 5, revert)).after.decisions['case.2']).toMatchObject({
      state: 'reverted',
      endedBy: 'lea',
      endedAt: at(5),
    });
  });
});
