import { describe, expect, it } from '@jest/globals';
import type { CommandContext, SanctionOrder } from '@ringside/casework';
import { casePeople, caseTimes, earlierStep as step, given } from '@ringside/testing';

import { abuseCase, suggestedSanctions, type AbuseStep, type ReviewMessage } from './abuse-case.js';
import { background, command, review, states } from './abuse-case.fixture.js';
import { abuseClauses, abusePolicy } from './abuse-policy.js';

const { ann, pat, reader } = casePeople;
const { earlier, now } = caseTimes;

const evidence = { chatLines: 2, description: true };
const reviewing = (changes: Partial<ReviewMessage> = {}) =>
  command({ kind: 'review_message', ...review, evidence, ...changes } as ReviewMessage);
const uphold = (clause: string, sanctions: readonly SanctionOrder[], given: Partial<CommandContext['background']> = {}) =>
  command({ kind: 'decide', verdict: 'uphold', clause, facts: 'See the messages.', sanctions }, ann, given);
const reportsFor = (...reasons: string[]) =>
  reasons.map((reason, index) => ({ reportId: `r${index + 1}`, reason, filedAt: earlier }));
const reviewed = (...reviews: Partial<typeof review>[]): readonly AbuseStep[] => [
  ...states['mine']!,
  ...reviews.map((changes, message) => step('MessageReviewed', { ...review, message, ...changes })),
];

describe('the review of a message', () => {
  it('says which clause it breaks and how badly', () => {
    const { events } = given(abuseCase, states['mine']).when(reviewing());
    expect(events).toEqual([{ type: 'MessageReviewed', at: now, by: 'ann', data: review }]);
  });

  it('may find nothing, also in the description', () => {
    const { clause: _, ...harmless } = { ...review, message: -1, severity: 0 };
    const { events } = given(abuseCase, states['mine']).when(
      command({ kind: 'review_message', ...harmless, evidence: { chatLines: 0, description: true } }),
    );
    expect(events).toEqual([{ type: 'MessageReviewed', at: now, by: 'ann', data: harmless }]);
  });

  it('is replaced by another one of the same message, and by none of another message', () => {
    const history = reviewed({}, { severity: 3 });
    const { after } = given(abuseCase, history).when(reviewing({ severity: 9, clause: 'conduct/1.3' }));
    expect(Object.values(after.reviews)).toEqual([
      { ...review, severity: 9, clause: 'conduct/1.3' },
      { ...review, message: 1, severity: 3 },
    ]);
  });

  it.each<[string, Partial<ReviewMessage>, string]>([
    ['of a report that is not open', { reportId: 'r9' }, '/reportId'],
    ['of a line that the chat does not have', { message: 2 }, '/message'],
    ['of chat where there is none', { evidence: { chatLines: 0, description: true } }, '/message'],
    ['of a description that is not there', { message: -1, evidence: { ...evidence, description: false } }, '/message'],
    ['under a clause without a name', { clause: '' }, '/clause'],
    ['that breaks a clause harmlessly', { severity: 0 }, '/severity'],
  ])('is refused: %s', (_, changes, pointer) => {
    expect(given(abuseCase, states['mine']).when(reviewing(changes)).refusal).toMatchObject({ code: 'invalid', pointer });
  });

  it.each(['conduct/9', 'constructor'])('may find that it breaks a clause that the policy does not know: %s', (clause) => {
    const { events } = given(abuseCase, states['mine']).when(reviewing({ clause }));
    expect(events).toMatchObject([{ type: 'MessageReviewed', data: { clause } }]);
  });

  it('is of a report that is open, whatever the views still show', () => {
    const { events } = given(abuseCase, states['mine']).when(uphold('conduct/1.1', [{ kind: 'warn' }]));
    const { refusal } = given(abuseCase, [...states['mine']!, ...events]).when(reviewing());
    expect(refusal).toMatchObject({ code: 'invalid', pointer: '/reportId' });
  });

  it('is taken at its word where the evidence lies in another region', () => {
    expect(given(abuseCase, states['mine']).when(reviewing({ message: 150, evidence: null })).events).toHaveLength(1);
  });

  it('of a description is taken at its word as well where the evidence lies in another region', () => {
    const { events } = given(abuseCase, states['mine']).when(reviewing({ message: -1, evidence: null }));
    expect(events).toMatchObject([{ data: { message: -1 } }]);
  });

  it.each<[Partial<ReviewMessage>, RegExp]>([
    [{ reportId: 'r9' }, /^Report r9 is not among the open reports/],
    [{ message: 2 }, /chat has 2 lines, counted from 0\.$/],
    [{ message: 1, evidence: { chatLines: 1, description: true } }, /chat has one line, 0\.$/],
    [{ message: 0, evidence: { chatLines: 0, description: true } }, /has no chat\.$/],
    [{ message: -1, evidence: { chatLines: 1, description: false } }, /has no description\.$/],
    [{ severity: 0 }, /severity of 1 or more/],
  ])('says what it could have been about: %j', (changes, sentence) => {
    expect(given(abuseCase, states['mine']).when(reviewing(changes)).refusal.detail).toMatch(sentence);
  });

  it('reads the first and the last line of the chat, though there be no description', () => {
    for (const message of [0, 1])
      expect(
        given(abuseCase, states['mine']).when(reviewing({ message, evidence: { chatLines: 2, description: false } })).events,
      ).toHaveLength(1);
  });

  it('counts again where the clause alone is another, or none', () => {
    for (const clause of ['conduct/1.3', undefined]) {
      const { events } = given(abuseCase, reviewed({})).when(reviewing({ clause } as Partial<ReviewMessage>));
      const { clause: _, ...without } = review;
      expect(events[0]!.data).toStrictEqual(clause === undefined ? without : { ...review, clause });
    }
    expect(given(abuseCase, reviewed({})).when(reviewing()).events).toEqual([]);
  });

  it.each([pat, reader])('is not for $sub', (by) => {
    const { refusal } = given(abuseCase, states['mine']).when(command({ kind: 'review_message', ...review, evidence }, by));
    expect(refusal.code).toBe('forbidden');
  });
});

describe('upholding', () => {
  it('may rest on messages that were reviewed, and need not', () => {
    for (const history of [reviewed(), reviewed({}), reviewed({ clause: 'conduct/1.2' }), reviewed({ reportId: 'r0' })]) {
      const { events } = given(abuseCase, history).when(uphold('conduct/1.1', [{ kind: 'mute', durationHours: 24 }]));
      expect(events).toMatchObject([{ type: 'DecisionMade', data: { decision: { clause: 'conduct/1.1' } } }]);
    }
  });

  it('says how many messages of its reports were found to break its clause, whatever is found later', () => {
    const warn = uphold('conduct/1.1', [{ kind: 'warn' }]);
    const restsOn = (...reviews: Partial<typeof review>[]): string | undefined =>
      Object.values(given(abuseCase, reviewed(...reviews)).when(warn).after.decisions)[0]!.restsOn;
    expect(restsOn({}, {}, { clause: 'conduct/1.2' })).toBe('We found 2 reported messages to break conduct/1.1.');
    for (const none of [[], [{ clause: 'conduct/1.2' }], [{ reportId: 'r0' }]]) expect(restsOn(...none)).toBeUndefined();
    const { after } = given(abuseCase, reviewed({})).when(warn);
    expect(abuseCase.evolve(after, step('MessageReviewed', { ...review, severity: 0 })).decisions).toEqual(after.decisions);
  });

  it('rests on no message that was found harmless, though neither it nor the decision names a clause', () => {
    const { clause: _, ...harmless } = { ...review, severity: 0 };
    const history = [...states['mine']!, step('MessageReviewed', harmless)];
    const dismiss = command({ kind: 'decide', verdict: 'dismiss', facts: 'A joke between friends.', sanctions: [] });
    const [decision] = Object.values(given(abuseCase, history).when(dismiss).after.decisions);
    expect(decision).toMatchObject({ verdict: 'dismiss', reportIds: ['r1', 'r2'] });
    expect(decision).not.toHaveProperty('restsOn');
  });

  it('takes effect at once, a ban for ever as well: an appeal is how it is looked at again', () => {
    const { events } = given(abuseCase, states['mine']).when(uphold('conduct/1.1', [{ kind: 'ban' }]));
    expect(events).toMatchObject([{ type: 'DecisionMade' }]);
  });
});

describe('self-harm and child safety', () => {
  const first = ['self_harm', 'child_safety'];

  it.each(first)('a case with an open report of %s cannot be held, and goes on where one comes in', (reason) => {
    const openReports = reportsFor('spam', reason);
    const hold = command({ kind: 'hold', reason: 'Later.' }, ann, { openReports });
    expect(given(abuseCase, states['mine']).when(hold).refusal).toMatchObject({
      code: 'wrong_state',
      detail: expect.stringContaining(reason),
    });
    const tick = command({ kind: 'tick', deadlines: [] }, { sub: 'system', roles: [] }, { openReports });
    expect(given(abuseCase, states['held']).when(tick).events).toMatchObject([{ type: 'CaseResumed', by: 'system' }]);
  });
});

describe('the sanction ladder', () => {
  it.each<[number, number, SanctionOrder]>([
    [1, 0, { kind: 'warn' }],
    [3, 1, { kind: 'mute', durationHours: 24 }],
    [4, 0, { kind: 'mute', durationHours: 24 }],
    [6, 1, { kind: 'mute', durationHours: 168 }],
    [7, 0, { kind: 'suspend', durationHours: 72 }],
    [8, 2, { kind: 'suspend', durationHours: 720 }],
    [9, 0, { kind: 'suspend', durationHours: 720 }],
    [9, 1, { kind: 'ban' }],
    [10, 0, { kind: 'ban' }],
  ])('suggests for severity %i after %i strikes: %j', (severity, priorStrikes, suggested) => {
    const { state } = given(abuseCase, reviewed({ severity }, { severity: 1 }));
    expect(suggestedSanctions(state, { ...background, priorStrikes })).toEqual([suggested]);
  });

  it('goes by what was reported until a message was found to break a clause', () => {
    const openReports = reportsFor('hate_speech', 'spam');
    const { state } = given(abuseCase, reviewed({ reportId: 'r0', severity: 10 }));
    expect(suggestedSanctions(state, { openReports, priorStrikes: 0 })).toEqual([{ kind: 'suspend', durationHours: 72 }]);
    expect(abusePolicy.suggestedSanctions({ openReports: [], priorStrikes: 0 })).toEqual([{ kind: 'warn' }]);
  });

  it('goes by what was reported where all that was reviewed was found harmless', () => {
    const { clause: _, ...harmless } = { ...review, severity: 0 };
    const { state } = given(abuseCase, [...states['mine']!, step('MessageReviewed', harmless)]);
    expect(suggestedSanctions(state, { ...background, openReports: reportsFor('hate_speech') })).toEqual([
      { kind: 'suspend', durationHours: 72 },
    ]);
  });

  it('suggests, and forbids nothing', () => {
    const { events } = given(abuseCase, reviewed({ severity: 1 })).when(uphold('conduct/1.1', [{ kind: 'ban' }]));
    expect(events).toMatchObject([{ type: 'DecisionMade' }]);
  });
});

it('names for each clause what a statement of reasons has to say, and the law where it is illegal', () => {
  for (const { ground, law, content } of Object.values(abuseClauses)) {
    expect(law !== undefined).toBe(ground === 'DECISION_GROUND_ILLEGAL_CONTENT');
    expect(content).toEqual(['CONTENT_TYPE_TEXT']);
  }
});
