import { describe, expect, it } from '@jest/globals';
import { given } from '@ringside/testing';

import type { CommandContext, LifecycleCommand } from './case-command.js';
import { decisionOf, type DecisionRecord } from './case-work.js';
import type { CaseworkPolicy } from './casework-policy.js';
import { lifecycleOf } from './lifecycle.js';
import { at, background, by, facts, permanentBan, policy, report, suspension, uphold } from './lifecycle.fixture.js';
import { statementOfReasons, type StatementInput, type StatementOfReasons } from './statement-of-reasons.js';

const clauses: CaseworkPolicy['clauses'] = {
  ...policy.clauses,
  'law/1.1': {
    title: 'publicly inciting to hatred',
    provision: 'Rules of conduct, section 4.1',
    ground: 'DECISION_GROUND_ILLEGAL_CONTENT',
    category: 'STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH',
    law: 'Framework Decision 2008/913/JHA, Article 1',
  },
};
const lifecycle = lifecycleOf({ ...policy, clauses, sanctionKinds: ['warn', 'mute', 'suspend', 'ban'] });

/** The decision after a decide command and what follows, as an input. */
function inputAfter(
  decide: LifecycleCommand,
  following: readonly LifecycleCommand[] = [],
  context: Partial<CommandContext> = {},
) {
  let work = given(lifecycle).when(by('ada', 0, { kind: 'claim' })).after;
  for (const [index, command] of [decide, ...following].entries()) {
    const person = index === 0 ? 'ada' : command.kind === 'open_appeal' ? 'system' : command.kind === 'approve' ? 'ann' : 'lea';
    const result = lifecycle.decide(work, by(person, 1 + index, command, context));
    if (!result.ok) throw new Error(result.error.detail);
    work = result.value.reduce(lifecycle.evolve, work);
  }
  return inputOf(decisionOf(work, 'case.2')!);
}

const inputOf = (decision: DecisionRecord, given: Partial<StatementInput> = {}): StatementInput => ({
  decision,
  case: { game: 'stormfall', subjectId: 'player' },
  policy: { clauses, otherClause: policy.otherClause },
  reports: [report('r1', 'aimbot', at(-120)), report('r2', 'wallhack', at(-60)), report('r3', 'spam', at(-600))],
  detectedByMachine: false,
  ...given,
});

const approve = { kind: 'approve', decisionId: 'case.2' } as const;
const suspended = () => statementOfReasons(inputAfter(uphold(suspension)))!;

describe('the statement of reasons, by Article 17(3) of Regulation (EU) 2022/2065', () => {
  it('(a) says which restriction, where, and for how long', () => {
    expect(suspended().restrictions).toEqual([
      {
        kind: 'suspend',
        measure: 'suspension_of_account',
        territorialScope: expect.stringContaining('everywhere where stormfall is offered'),
        from: at(1),
        until: at(1 + 72 * 60),
        sentence: expect.stringContaining('from 31 January 2026, 12:01 UTC until 3 February 2026, 12:01 UTC'),
      },
    ]);
  });

  it.each([
    ['warn', undefined, 'warning', 'Nothing is restricted.'],
    ['mute', 24, 'partial_suspension_of_service', 'until 1 February 2026, 12:01 UTC'],
    ['suspend', 24, 'suspension_of_account', 'until 1 February 2026, 12:01 UTC'],
    ['ban', 24, 'suspension_of_account', 'until 1 February 2026, 12:01 UTC'],
  ] as const)('(a) says what %s for %s hours is', (kind, durationHours, measure, sentence) => {
    const input = inputAfter(uphold(durationHours === undefined ? { kind } : { kind, durationHours }));
    expect(statementOfReasons(input)!.restrictions[0]).toMatchObject({ measure, sentence: expect.stringContaining(sentence) });
  });

  it('(a) says that a ban without a duration has no end, from when it was approved', () => {
    const [ban] = statementOfReasons(inputAfter(uphold(permanentBan), [approve]))!.restrictions;
    expect(ban).toMatchObject({ measure: 'termination_of_account', from: at(2), until: null });
    expect(ban!.sentence).toContain('from 31 January 2026, 12:02 UTC on, without an end');
  });

  it('(b) says the facts, and that it was upon notices, of which it counts those that the decision covers', () => {
    const { found, basis, circumstances } = suspended().facts;
    expect({ found, basis }).toEqual({ found: facts, basis: 'notice' });
    expect(circumstances).toContain('upon 2 notices by other players, filed from 31 January 2026 to 31 January 2026');
    expect(circumstances).toContain('No earlier decision counted against you.');
  });

  it('(b) says where nobody gave notice, how many earlier decisions counted, and that a second person approved', () => {
    const input = inputAfter(uphold(permanentBan), [approve], { background: background({ priorStrikes: 2 }) });
    const { circumstances } = statementOfReasons({ ...input, decision: { ...input.decision, reportIds: [] } })!.facts;
    expect(circumstances).toContain('of our own accord');
    expect(circumstances).toContain('2 earlier decisions counted against you.');
    expect(circumstances).toContain('A second person examined the decision');
  });

  it('(b) says what the team had worked out, where it did', () => {
    const input = inputAfter(uphold(suspension));
    const decision = { ...input.decision, restsOn: 'We examined 1 replay.' };
    expect(statementOfReasons({ ...input, decision })!.facts.circumstances).toContain('. We examined 1 replay. No earlier');
  });

  it('(c) says whether machines detected or decided', () => {
    const byHand = suspended().automatedMeans;
    expect(byHand).toMatchObject({ detection: false, decision: false });
    expect(byHand.sentence).toContain('A person decided');
    const detected = statementOfReasons({ ...inputAfter(uphold(suspension)), detectedByMachine: true })!.automatedMeans;
    expect(detected).toMatchObject({ detection: true, decision: false });
    expect(detected.sentence).toContain('Automated analysis pointed to what happened.');
    const input = inputAfter(uphold(suspension));
    const automated = statementOfReasons({ ...input, decision: { ...input.decision, automated: true } })!.automatedMeans;
    expect(automated.sentence).toContain('decided by automated means');
  });

  it('(d) names the law and says why, where it was broken, and the notices are those of Article 16', () => {
    const { ground, facts, text } = statementOfReasons(
      inputAfter({ ...uphold(suspension), clause: 'law/1.1' } as LifecycleCommand),
    )!;
    expect(ground).toMatchObject({
      kind: 'illegal',
      clause: 'law/1.1',
      reference: 'Framework Decision 2008/913/JHA, Article 1',
    });
    expect(ground.explanation).toContain('publicly inciting to hatred');
    expect(facts.circumstances).toContain('Article 16');
    expect(text).toContain('The law that was broken');
  });

  it('(e) names the clause of the contract and says why', () => {
    const { ground } = suspended();
    expect(ground).toMatchObject({
      kind: 'incompatible_with_terms',
      clause: 'fair-play/2.1',
      reference: 'Fair play rules, section 2.1',
    });
    expect(ground.explanation).toContain('using software that aims for the player');
  });

  it.each(['house-rules/7', 'constructor'])('(e) names a clause that is not known as it was written: %s', (clause) => {
    const { ground, text } = statementOfReasons(inputAfter({ ...uphold(suspension), clause } as LifecycleCommand))!;
    expect(ground).toMatchObject({ kind: 'incompatible_with_terms', clause, reference: 'Rules of the game' });
    expect(ground.explanation).toContain('conduct against the rules of the game');
    expect(text).toContain(`Rules of the game (${clause}).`);
  });

  it('(f) says how to appeal and until when, whom else to turn to, and that courts are open', () => {
    const { redress } = suspended();
    expect(redress.internal.until).toBe('2026-07-31T23:59:59.999Z');
    expect(redress.internal.sentence).toContain('until the end of 31 July 2026');
    expect(redress.internal.sentence).toContain('decision case.2');
    expect(redress.outOfCourt).toContain('Article 21');
    expect(redress.judicial).toContain('court');
  });

  it('has all of it in the text, in plain lines', () => {
    const statement = suspended();
    for (const sentence of sentencesOf(statement)) expect(statement.text).toContain(sentence);
    expect(statement.text).toMatch(/^Statement of reasons for decision case\.2 of 31 January 2026/);
    expect(statement.text).not.toContain('undefined');
  });

  it('reads like this', () => {
    const input = inputAfter(uphold({ kind: 'warn' }, { kind: 'mute', durationHours: 24 }, suspension));
    const reports = [report('r3', 'spam', at(-9_000)), report('r2', 'wallhack', at(-60)), report('r1', 'aimbot', at(-3_000))];
    expect(statementOfReasons({ ...input, reports })!.text)
      .toBe(`Statement of reasons for decision case.2 of 31 January 2026 about your account in stormfall

What we decided
You are warned. Nothing is restricted.
You cannot write or speak to other players of stormfall. This holds everywhere where stormfall is offered, all countries of the European Economic Area included, from 31 January 2026, 12:01 UTC until 1 February 2026, 12:01 UTC.
Your account is suspended: you cannot play stormfall. This holds everywhere where stormfall is offered, all countries of the European Economic Area included, from 31 January 2026, 12:01 UTC until 3 February 2026, 12:01 UTC.

What happened
Three kills through walls within a second, in two matches.
We looked into it upon 2 notices by other players, filed from 29 January 2026 to 31 January 2026. No earlier decision counted against you.

Automated means
No automated means were used to detect what happened. A person decided, without automated means.

The rule that was broken
Fair play rules, section 2.1 (fair-play/2.1).
The facts show using software that aims for the player. Our terms forbid this: Fair play rules, section 2.1.

What you can do
You can appeal to us, free of charge, until the end of 31 July 2026 (UTC): use the game's appeal form and name decision case.2. Somebody who had no part in the decision looks at it again.
You can turn to an out-of-court dispute settlement body that is certified under Article 21 of Regulation (EU) 2022/2065; the European Commission keeps the list of them.
You can go to court at any time, whether or not you appealed.
`);
  });

  it('reads like this where a law was broken, upon one notice that the views do not have, and an appeal overturned it', () => {
    const input = inputAfter({ ...uphold(permanentBan), clause: 'law/1.1' } as LifecycleCommand, [approve], {
      background: background({ openReports: [report('r9')], priorStrikes: 1 }),
    });
    const ended = { state: 'overturned', endedBy: 'ben', endedAt: at(600) } as const;
    const decision = { ...input.decision, ...ended, automated: true } as DecisionRecord;
    const { text, facts } = statementOfReasons({ ...input, decision, detectedByMachine: true })!;
    expect(facts.basis).toBe('notice');
    expect(text).toContain(`What we decided
Your account is terminated: you cannot play stormfall any more. This holds everywhere where stormfall is offered, all countries of the European Economic Area included, from 31 January 2026, 12:02 UTC on, without an end.
It was taken back on 31 January 2026, 22:00 UTC upon an appeal and has no effect.

What happened
${facts.found}
We looked into it upon 1 notice by other players (Article 16 of Regulation (EU) 2022/2065). A second person examined the decision and approved of it. 1 earlier decision counted against you.

Automated means
Automated analysis pointed to what happened. It was decided by automated means.

The law that was broken
Framework Decision 2008/913/JHA, Article 1 (law/1.1).
The facts show publicly inciting to hatred. This is unlawful under: Framework Decision 2008/913/JHA, Article 1. It also breaks our terms: Rules of conduct, section 4.1.
`);
  });

  it('names the provision where an illegal clause names no law, and its basis where nobody gave notice', () => {
    const input = inputAfter({ ...uphold(suspension), clause: 'law/1.1' } as LifecycleCommand);
    const { law: _, ...lawless } = clauses['law/1.1']!;
    const statement = statementOfReasons({
      ...input,
      decision: { ...input.decision, reportIds: [] },
      policy: { clauses: { 'law/1.1': lawless }, otherClause: policy.otherClause },
    })!;
    expect(statement.ground).toMatchObject({
      ...{ kind: 'illegal', reference: 'Rules of conduct, section 4.1' },
      explanation: expect.stringContaining('unlawful under: Rules of conduct, section 4.1.'),
    });
    expect(statement.facts).toMatchObject({
      basis: 'own_initiative',
      circumstances: 'We looked into it of our own accord. No earlier decision counted against you.',
    });
  });

  it('is not made of a decision without a clause', () => {
    const { clause: _, ...decision } = inputAfter(uphold(suspension)).decision;
    expect(statementOfReasons(inputOf(decision as DecisionRecord))).toBeNull();
  });

  it('names neither case workers nor reporters', () => {
    expect(JSON.stringify(statementOfReasons(inputAfter(uphold(permanentBan), [approve])))).not.toMatch(
      /"ada"|"ann"|\bada\b|\bann\b/,
    );
  });

  it('says that the decision was taken back, and is told all the same', () => {
    const revert = { kind: 'revert', decisionId: 'case.2', reason: 'The wrong player.' } as const;
    const statement = statementOfReasons(inputAfter(uphold(suspension), [revert]))!;
    expect(statement.ended).toEqual({ at: at(2), because: 'reverted' });
    expect(statement.text).toContain('It was taken back on 31 January 2026, 12:02 UTC and has no effect.');
  });

  it('is not made where nothing is imposed, or not yet', () => {
    expect(statementOfReasons(inputAfter(uphold(permanentBan)))).toBeNull();
    expect(statementOfReasons(inputAfter({ kind: 'decide', verdict: 'dismiss', facts, sanctions: [] }))).toBeNull();
    expect(statementOfReasons(inputAfter(uphold()))).toBeNull();
  });
});

const sentencesOf = ({ restrictions, facts, automatedMeans, ground, redress }: StatementOfReasons): readonly string[] => [
  ...restrictions.map(({ sentence }) => sentence),
  facts.found,
  facts.circumstances,
  automatedMeans.sentence,
  ground.reference,
  ground.explanation,
  redress.internal.sentence,
  redress.outOfCourt,
  redress.judicial,
];
