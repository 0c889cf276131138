import { describe, expect, it } from '@jest/globals';
import { casePeople, caseTimes, earlierDecision, earlierStep as step } from '@ringside/testing';

import { isAnnouncement } from './case-step.js';
import type { CaseWork } from './case-work.js';
import { initialCaseWork } from './case-work.js';
import { by } from './lifecycle.fixture.js';
import { faultOfClauseName, faultOfName, faultOfText, oneOfAll, refusal } from './refusal.js';
import { whyNotWorked, withBasis } from './team-command.js';

const { ann, lee, pat, reader, system } = casePeople;
const { now, ranOut, runsOn } = caseTimes;

describe('why somebody cannot work on a case now', () => {
  const command = { ...by('ada', 0, { kind: 'claim' }), at: now, by: ann };
  const heldBy = (person: string, until: string): CaseWork => ({ ...initialCaseWork, claim: { by: person, until } });
  const onHold: CaseWork = { ...initialCaseWork, held: { since: ranOut, reason: 'Waits.' } };

  it('is nothing for a case worker or a lead where nobody else has it', () => {
    for (const person of [ann, lee])
      for (const work of [initialCaseWork, heldBy(person.sub, runsOn), heldBy('bob', ranOut)])
        expect(whyNotWorked(work, { ...command, by: person })).toBeUndefined();
  });

  it('is that they are no case worker, before all else', () => {
    for (const person of [pat, reader, system])
      expect(whyNotWorked(onHold, { ...command, by: person })).toEqual({
        ...{ code: 'forbidden', detail: 'Only case workers and leads may do this.' },
      });
  });

  it('is that somebody else has it, or that its clock stands still', () => {
    expect(whyNotWorked(heldBy('bob', runsOn), command)).toMatchObject({
      ...{ code: 'wrong_state', detail: expect.stringContaining(`bob holds the case until ${runsOn}.`) },
    });
    expect(whyNotWorked(onHold, command)).toMatchObject({
      ...{ code: 'wrong_state', detail: expect.stringContaining(`on hold since ${ranOut}`) },
    });
  });
});

describe('what a decision rests on', () => {
  const decision = earlierDecision({ verdict: 'dismiss', facts: 'Nothing.', sanctions: [] });
  const made = {
    ...decision,
    decidedBy: 'ann',
    decidedAt: now,
    state: 'in_effect',
    effectiveAt: now,
    approvedBy: null,
  } as const;
  const work = { decisions: { d1: made, d2: { ...made, decisionId: 'd2' } } };

  it.each(['DecisionMade', 'DecisionProposed'] as const)('is kept with it at its %s', (type) => {
    const taken = type === 'DecisionMade' ? step(type, { decision }) : step(type, { decision, expiresAt: runsOn });
    expect(withBasis(work, taken, ({ decisionId }) => `We looked at ${decisionId}.`)).toEqual({
      decisions: { ...work.decisions, d1: { ...made, restsOn: 'We looked at d1.' } },
    });
    expect(withBasis(work, taken, () => undefined)).toEqual(work);
  });

  it('is asked for at no other step', () => {
    const never = () => {
      throw new Error('Nobody decided anything.');
    };
    expect(withBasis(work, step('CaseNoted', { text: 'Hm.' }), never)).toEqual(work);
    expect(withBasis(work, step('DecisionApproved', { decisionId: 'd1' }), never)).toEqual(work);
  });
});

describe('an announcement', () => {
  it('says what anybody can tell from the time, and nothing else does', () => {
    const due = { deadline: 'decide', dueAt: now } as const;
    expect(isAnnouncement(step('DeadlineApproached', due))).toBe(true);
    expect(isAnnouncement(step('DeadlineBreached', due))).toBe(true);
    expect(isAnnouncement(step('CaseNoted', { text: 'Hm.' }))).toBe(false);
  });
});

describe('a refusal', () => {
  const faults = [
    refusal('invalid', 'First.', '/facts'),
    refusal('invalid', 'Second.', '/clause'),
    refusal('wrong_state', 'Third.'),
  ];

  it('of several faults says all of them, and is about the first', () => {
    expect(oneOfAll(faults)).toEqual({
      ...{ code: 'invalid', detail: 'First. Second. Third.', pointer: '/facts' },
      faults: [
        { pointer: '/facts', detail: 'First.' },
        { pointer: '/clause', detail: 'Second.' },
        { pointer: '', detail: 'Third.' },
      ],
    });
    expect(oneOfAll(faults.slice(0, 1))).toBe(faults[0]);
    expect(oneOfAll([])).toBeUndefined();
  });

  it('names no field where none is at fault', () => {
    expect(Object.keys(refusal('wrong_state', 'Later.'))).toEqual(['code', 'detail']);
    expect(refusal('invalid', 'Later.', '')).toStrictEqual({ code: 'invalid', detail: 'Later.', pointer: '' });
  });

  it.each<[string, unknown, unknown]>([
    ['no text', faultOfText(' \n', 'facts', 'Say why.'), { code: 'invalid', detail: 'Say why.', pointer: '/facts' }],
    [
      'a text with what cannot be stored',
      faultOfText('a\u0000', 'facts', 'Say why.'),
      { code: 'invalid', detail: expect.stringMatching(/^Facts must not contain .+\.$/), pointer: '/facts' },
    ],
    ['a name', faultOfName('ada', 'to'), undefined],
    [
      'a name of several lines',
      faultOfName('a\nb', 'to'),
      { code: 'invalid', detail: expect.stringMatching(/^To must not contain .+\.$/), pointer: '/to' },
    ],
    [
      'a name with spaces around it',
      faultOfName(' ada', 'to'),
      { code: 'invalid', detail: 'To must be a name that can be seen, without spaces around it.', pointer: '/to' },
    ],
    [
      'a name that nobody sees',
      faultOfName('\u200b', 'to'),
      { code: 'invalid', detail: expect.stringContaining('can be seen'), pointer: '/to' },
    ],
    ['a clause', faultOfClauseName('house-rules/7'), undefined],
    ['a clause of nothing to see', faultOfClauseName(' '), { code: 'invalid', detail: 'Name the clause.', pointer: '/clause' }],
    [
      'a clause that is too long',
      faultOfClauseName('x'.repeat(65)),
      { code: 'invalid', detail: 'Clause must have at most 64 characters.', pointer: '/clause' },
    ],
  ])('says what is wrong with %s', (_, fault, expected) => {
    expect(fault).toEqual(expected);
  });
});
