import { describe, expect, it } from '@jest/globals';

import type { DecisionRecord } from './case-work.js';
import type { Clause } from './casework-policy.js';
import { at, facts, policy, report } from './lifecycle.fixture.js';
import type { StatementInput } from './statement-of-reasons.js';
import {
  contentTypes,
  decisionGrounds,
  statementCategories,
  territories,
  type TransparencyStatement,
} from './transparency-fields.js';
import { transparencyStatementOf } from './transparency-statement.js';

const fairPlay = policy.clauses['fair-play/2.1']!;
const hatred: Clause = {
  title: 'publicly inciting to hatred',
  provision: 'Rules of conduct, section 4.1',
  ground: 'DECISION_GROUND_ILLEGAL_CONTENT',
  category: 'STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH',
  law: 'Framework Decision 2008/913/JHA, Article 1',
  content: ['CONTENT_TYPE_TEXT'],
  url: 'https://eur-lex.europa.eu/eli/dec_framw/2008/913/oj',
};

type Order = Pick<DecisionRecord['sanctions'][number], 'kind' | 'durationHours'>;

function inputOf(sanctions: readonly Order[], given: Partial<StatementInput> = {}, clause = 'fair-play/2.1'): StatementInput {
  const decision = {
    decisionId: 'Zm9v-YmFy_caseIdOf22ch.12',
    verdict: 'uphold',
    clause,
    facts,
    sanctions: sanctions.map((sanction, index) => ({ ...sanction, sanctionId: `s${index}` })),
    reportIds: ['r1', 'r2'],
    priorStrikes: 1,
    automated: false,
    decidedBy: 'ada',
    decidedAt: at(0),
    state: 'in_effect',
    effectiveAt: at(0),
    approvedBy: 'ann',
  } as const satisfies DecisionRecord;
  return {
    decision,
    case: { game: 'stormfall', subjectId: 'player-77' },
    policy: { clauses: { 'fair-play/2.1': fairPlay, 'law/1.1': hatred }, otherClause: policy.otherClause },
    reports: [report('r1', 'aimbot', '2026-01-20T08:00:00.000Z'), report('r2', 'wallhack', '2026-01-30T08:00:00.000Z')],
    detectedByMachine: true,
    ...given,
  };
}

/** The rules of the database's `POST /api/v1/statement`, as far as its fields are used here: what it would answer 422 for. */
function faultsOf(statement: TransparencyStatement): readonly string[] {
  const required = [
    'decision_ground',
    'content_type',
    'category',
    'content_date',
    'application_date',
    'decision_facts',
  ] as const;
  const alsoRequired = ['source_type', 'automated_detection', 'automated_decision', 'puid'] as const;
  const illegal = statement.decision_ground === 'DECISION_GROUND_ILLEGAL_CONTENT';
  const grounds = illegal
    ? (['illegal_content_legal_ground', 'illegal_content_explanation'] as const)
    : (['incompatible_content_ground', 'incompatible_content_explanation'] as const);
  const other = statement.content_type.includes('CONTENT_TYPE_OTHER') ? (['content_type_other'] as const) : [];
  const lengths = {
    decision_facts: 5000,
    illegal_content_legal_ground: 500,
    illegal_content_explanation: 2000,
    incompatible_content_ground: 500,
    incompatible_content_explanation: 2000,
    decision_ground_reference_url: 500,
    content_type_other: 500,
    puid: 500,
  } as const;
  const restrictions = ['decision_visibility', 'decision_monetary', 'decision_provision', 'decision_account'] as const;
  const days = ['content_date', 'application_date', 'end_date_account_restriction', 'end_date_service_restriction'] as const;
  const faults: (string | false)[] = [
    ...[...required, ...alsoRequired, ...grounds, ...other].map((field) => !statement[field]?.length && `${field} is required`),
    restrictions.every((field) => statement[field] === null) && 'a restriction is required',
    ...Object.entries(lengths).map(([field, most]) => {
      const value = statement[field as keyof typeof lengths];
      return value !== undefined && value.length > most && `${field} is too long`;
    }),
    ...days.map(
      (field) => statement[field] !== null && !/^20\d\d-\d\d-\d\d$/.test(statement[field]) && `${field} is not a day`,
    ),
    ...days.map((field) => (statement[field] ?? '') > '2038-01-01' && `${field} is too late`),
    !/^[a-zA-Z0-9-_]+$/.test(statement.puid) && 'puid has other characters',
    !statementCategories.includes(statement.category) && 'category is unknown',
    !decisionGrounds.includes(statement.decision_ground) && 'decision_ground is unknown',
    !statement.content_type.every((type) => contentTypes.includes(type)) && 'content_type is unknown',
    !statement.territorial_scope.every((country) => territories.includes(country as 'AT')) && 'territorial_scope is unknown',
  ];
  return faults.filter((fault) => fault !== false);
}

const suspension = { kind: 'suspend', durationHours: 72 } as const;

describe('what the transparency database is given', () => {
  it('has every field of a suspension', () => {
    expect(transparencyStatementOf(inputOf([suspension]))).toEqual({
      decision_visibility: null,
      decision_monetary: null,
      decision_provision: null,
      decision_account: 'DECISION_ACCOUNT_SUSPENDED',
      account_type: 'ACCOUNT_TYPE_PRIVATE',
      decision_ground: 'DECISION_GROUND_INCOMPATIBLE_CONTENT',
      incompatible_content_ground: 'Fair play rules, section 2.1',
      incompatible_content_explanation:
        'The facts show using software that aims for the player. Our terms forbid this: Fair play rules, section 2.1.',
      content_type: ['CONTENT_TYPE_OTHER'],
      content_type_other: 'Conduct of a player in an online game',
      category: 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC',
      territorial_scope: territories,
      content_date: '2026-01-20',
      application_date: '2026-01-31',
      end_date_account_restriction: '2026-02-03',
      end_date_service_restriction: null,
      decision_facts:
        'A player of an online game was reported 2 times for aimbot, wallhack between 2026-01-20 and 2026-01-30. A case worker ' +
        'examined what was reported and found: using software that aims for the player. Earlier decisions that counted: 1. ' +
        'A second person approved of the decision.',
      source_type: 'SOURCE_TYPE_OTHER_NOTIFICATION',
      automated_detection: 'Yes',
      automated_decision: 'AUTOMATED_DECISION_NOT_AUTOMATED',
      puid: 'Zm9v-YmFy_caseIdOf22ch_12',
    });
  });

  it('has nothing that a case worker wrote where the clause is not a known one', () => {
    const statement = transparencyStatementOf(inputOf([suspension], {}, 'house-rules/7'))!;
    expect(statement).toMatchObject({
      incompatible_content_ground: 'Rules of the game',
      category: policy.otherClause.category,
    });
    expect(JSON.stringify(statement)).not.toContain('house-rules');
    expect(faultsOf(statement)).toEqual([]);
  });

  it('names the law, the text and the notice of Article 16 where the ground is illegality', () => {
    expect(transparencyStatementOf(inputOf([suspension], {}, 'law/1.1'))).toMatchObject({
      decision_ground: 'DECISION_GROUND_ILLEGAL_CONTENT',
      decision_ground_reference_url: 'https://eur-lex.europa.eu/eli/dec_framw/2008/913/oj',
      illegal_content_legal_ground: 'Framework Decision 2008/913/JHA, Article 1',
      illegal_content_explanation: expect.stringContaining('publicly inciting to hatred'),
      content_type: ['CONTENT_TYPE_TEXT'],
      source_type: 'SOURCE_ARTICLE_16',
    });
  });

  it.each<[readonly Order[], Partial<TransparencyStatement>]>([
    [
      [{ kind: 'mute', durationHours: 24 }],
      {
        decision_provision: 'DECISION_PROVISION_PARTIAL_SUSPENSION',
        decision_account: null,
        end_date_service_restriction: '2026-02-01',
      },
    ],
    [[{ kind: 'ban' }], { decision_account: 'DECISION_ACCOUNT_TERMINATED', end_date_account_restriction: null }],
    [
      [suspension, { kind: 'ban', durationHours: 240 }],
      { decision_account: 'DECISION_ACCOUNT_SUSPENDED', end_date_account_restriction: '2026-02-10' },
    ],
    [[suspension, { kind: 'ban' }], { decision_account: 'DECISION_ACCOUNT_TERMINATED', end_date_account_restriction: null }],
    [
      [{ kind: 'warn' }, { kind: 'mute', durationHours: 24 }, suspension],
      {
        decision_provision: 'DECISION_PROVISION_PARTIAL_SUSPENSION',
        decision_account: 'DECISION_ACCOUNT_SUSPENDED',
        end_date_service_restriction: '2026-02-01',
        end_date_account_restriction: '2026-02-03',
      },
    ],
  ])('has %j as restrictions', (sanctions, expected) => {
    expect(transparencyStatementOf(inputOf(sanctions))).toMatchObject(expected);
  });

  it.each([
    ['a suspension', inputOf([suspension])],
    ['a breach of the law', inputOf([suspension], {}, 'law/1.1')],
    ['a mute', inputOf([{ kind: 'mute', durationHours: 1 }])],
    ['a permanent ban', inputOf([{ kind: 'ban' }])],
    ['reports that the views do not have yet', inputOf([suspension], { reports: [] })],
    [
      'a hundred reasons',
      inputOf([suspension], { reports: Array.from({ length: 100 }, (_, i) => report('r1', `r${i}${'x'.repeat(60)}`)) }),
    ],
  ])('is one that it accepts: %s', (_what, input) => {
    expect(faultsOf(transparencyStatementOf(input)!)).toEqual([]);
  });

  it('is checked here: a statement without a ground or a restriction would not pass', () => {
    const { decision_ground: _, ...rest } = transparencyStatementOf(inputOf([suspension]))!;
    const broken = { ...rest, decision_account: null, puid: 'case.1' } as TransparencyStatement;
    expect(faultsOf(broken)).toEqual([
      'decision_ground is required',
      'a restriction is required',
      'puid has other characters',
      'decision_ground is unknown',
    ]);
  });

  it('leaves out an end that the database cannot take', () => {
    const input = inputOf([{ kind: 'suspend', durationHours: 87_600 }]);
    const late = { ...input, decision: { ...input.decision, effectiveAt: '2030-01-01T00:00:00.000Z' } as DecisionRecord };
    expect(transparencyStatementOf(late)).toMatchObject({ end_date_account_restriction: null });
  });

  it('has nothing personal: no id of a person, and not what the case worker wrote', () => {
    const text = JSON.stringify(transparencyStatementOf(inputOf([suspension])));
    for (const personal of ['player-77', 'ada', '"ann"', facts]) expect(text).not.toContain(personal);
  });

  it('says that nobody gave notice', () => {
    const input = inputOf([suspension]);
    expect(transparencyStatementOf({ ...input, decision: { ...input.decision, reportIds: [] } })).toMatchObject({
      source_type: 'SOURCE_VOLUNTARY',
      decision_facts: expect.stringContaining('without a notice'),
    });
  });

  const decided = (given: Partial<DecisionRecord>, rest: Partial<StatementInput> = {}, clause?: string) => {
    const input = inputOf([suspension], rest, clause);
    return transparencyStatementOf({ ...input, decision: { ...input.decision, ...given } as DecisionRecord })!;
  };

  it('says in full what was found, by whom and upon what', () => {
    const reports = [report('r1', 'wallhack', at(-60)), report('r0', 'spam', at(-9_000)), report('r2', 'aimbot', at(-3_000))];
    expect(decided({ approvedBy: null, priorStrikes: 0 }, { reports, detectedByMachine: false })).toMatchObject({
      decision_facts:
        'A player of an online game was reported 2 times for aimbot, wallhack between 2026-01-29 and 2026-01-31. A case worker ' +
        'examined what was reported and found: using software that aims for the player. Earlier decisions that counted: 0.',
      ...{ content_date: '2026-01-29', automated_detection: 'No', automated_decision: 'AUTOMATED_DECISION_NOT_AUTOMATED' },
    });
    expect(decided({ reportIds: ['r1'], automated: true, approvedBy: null }, { reports: [] })).toMatchObject({
      decision_facts:
        'A player of an online game was reported once. It was found: using software that aims for the player. ' +
        'Earlier decisions that counted: 1.',
      ...{ content_date: '2026-01-31', automated_decision: 'AUTOMATED_DECISION_FULLY' },
    });
    expect(decided({ reportIds: [], approvedBy: null })).toMatchObject({
      decision_facts:
        'The conduct of a player was examined without a notice. A case worker examined what was reported and found: using ' +
        'software that aims for the player. Earlier decisions that counted: 1.',
    });
  });

  it('takes the day of the decision for that of the content where the first report is not before it', () => {
    for (const filedAt of [at(0), at(9_000)])
      expect(decided({}, { reports: [report('r1', 'aimbot', filedAt)] })).toMatchObject({ content_date: '2026-01-31' });
  });

  it('has the last of several ends, whichever order the sanctions are in, and one on the last day that it can take', () => {
    const longer = { kind: 'ban', durationHours: 240 } as const;
    for (const sanctions of [
      [longer, suspension],
      [suspension, longer],
    ])
      expect(transparencyStatementOf(inputOf(sanctions))).toMatchObject({ end_date_account_restriction: '2026-02-10' });
    for (const [effectiveAt, end] of [
      ['2037-12-29T00:00:00.000Z', '2038-01-01'],
      ['2037-12-30T00:00:00.000Z', null],
    ] as const)
      expect(decided({ effectiveAt } as Partial<DecisionRecord>)).toMatchObject({ end_date_account_restriction: end });
  });

  it('says what the content was where the clause does, and where to read the rule only where that is known', () => {
    const clauses = { 'fair-play/2.1': { ...fairPlay, content: [] } };
    expect(decided({}, { policy: { clauses, otherClause: policy.otherClause } })).toMatchObject({
      ...{ content_type: ['CONTENT_TYPE_OTHER'], content_type_other: expect.stringMatching(/\w/) },
    });
    expect(decided({})).not.toHaveProperty('decision_ground_reference_url');
    expect(decided({}, {}, 'law/1.1')).not.toHaveProperty('content_type_other');
  });

  it('names twenty reasons, and no more', () => {
    const reports = Array.from({ length: 25 }, (_, i) => report('r1', `reason_${String(i).padStart(2, '0')}`));
    const { decision_facts: text } = decided({}, { reports });
    expect(text).toContain('reason_19 between');
    expect(text).not.toContain('reason_20');
  });

  it('is not made where nothing is restricted', () => {
    expect(transparencyStatementOf(inputOf([{ kind: 'warn' }]))).toBeNull();
    expect(transparencyStatementOf(inputOf([]))).toBeNull();
  });
});
