import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@ringside/core';
import { createEvent, sanctionImposed, sanctionReversed, type SanctionImposed, type SanctionReversed } from '@ringside/events';
import { aReport, earlierDecision, earlierStep as step, play } from '@ringside/testing';

import {
  factsIn,
  haveSanctions,
  playerSanctions,
  sanctionKeysOf,
  sanctionsIn,
  sanctionsOfCase,
  standingSanctionsOf,
} from './player-sanctions.js';
import { stepLackingSanctions } from './sanctions-of-steps.js';

const time = '2026-01-31T12:00:00.000Z';
const later = '2026-01-31T13:00:00.000Z';
const about = { playerId: 'p1', game: 'stormfall', team: 'cheating', caseId: 'c1', decisionId: 'c1.2' };

const imposed = (sanctionId = 'c1.2.1', given: Partial<SanctionImposed['data']> = {}): SanctionImposed =>
  createEvent(sanctionImposed, {
    data: {
      ...about,
      sanctionId,
      kind: 'mute',
      clause: 'fair-play/2.1',
      from: time,
      until: later,
      strikeUntil: later,
      ...given,
    },
    ...{ time, region: 'eu', source: 'cheating-team' },
  });
const reversed = (
  sanctionId = 'c1.2.1',
  because: SanctionReversed['data']['because'] = 'reverted',
  at = later,
): SanctionReversed =>
  createEvent(sanctionReversed, {
    data: { ...about, sanctionId, because },
    ...{ time: at, region: 'eu', source: 'cheating-team' },
  });
const rowsOf = (...events: readonly (SanctionImposed | SanctionReversed)[]): readonly JsonObject[] => [
  ...play([playerSanctions], events).values(),
];

describe('PlayerSanctions', () => {
  it('has what was imposed and what was taken back, whichever comes first', () => {
    const one = imposed();
    for (const events of [
      [one, reversed()],
      [reversed(), one],
    ])
      expect([...play([playerSanctions], events)]).toEqual([
        ['player_sanctions/p1/c1.2.1', { imposed: one.data, imposedBy: one.id, reversed: { at: later, because: 'reverted' } }],
      ]);
    expect(playerSanctions).toMatchObject({ name: 'PlayerSanctions', tables: ['player_sanctions'] });
    expect(playerSanctions.entity(aReport())).toBeUndefined();
  });

  it('goes by the first of two that take it back, and of two at one time by the same one in any order', () => {
    const all = [
      reversed('s', 'superseded', later),
      reversed('s', 'overturned', later),
      reversed('s', 'reverted', '2026-02-01T00:00:00.000Z'),
    ];
    for (const events of [all, all.toReversed(), [all[1]!, all[0]!, all[2]!]])
      expect(rowsOf(...events)).toMatchObject([{ reversed: { at: later, because: 'overturned' } }]);
  });

  it('shows a sanction once it was imposed, without what is nobody’s business', () => {
    expect(sanctionsIn(rowsOf(reversed()))).toEqual([]);
    const [shown] = sanctionsIn(rowsOf(imposed('s', { caseVersion: 2 })));
    expect(shown).toEqual({
      ...{ sanctionId: 's', game: 'stormfall', team: 'cheating', caseId: 'c1', decisionId: 'c1.2', kind: 'mute' },
      ...{ clause: 'fair-play/2.1', from: time, until: later, strikeUntil: later, reversed: null },
    });
  });

  it('tells which sanctions of a case stand', () => {
    const [stands, other] = [imposed('a'), imposed('b', { caseId: 'c2' })];
    const rows = rowsOf(stands, other, imposed('c'), reversed('c'), reversed('d'));
    expect(standingSanctionsOf('c1', rows)).toEqual([{ imposed: stands.data, imposedBy: stands.id }]);
    expect(standingSanctionsOf('c3', rows)).toEqual([]);
  });

  it('finds the sanctions of a decision, and of a case, by their keys alone', () => {
    const within = ({ from, to }: { readonly from: string; readonly to: string }, key: string) => from <= key && key < to;
    const keys = ['c1.2.1', 'c1.2.12', 'c1.2.1@3', 'c1.20.1', 'c1.3.1', 'c10.2.1', 'c1', 'c1.2'];
    expect(keys.filter((key) => within(sanctionKeysOf('c1.2'), key))).toEqual(['c1.2.1', 'c1.2.12', 'c1.2.1@3']);
    expect(keys.filter((key) => within(sanctionsOfCase('c1'), key))).toEqual(keys.filter((key) => key.startsWith('c1.')));
  });

  it('counts what is known: one for each half', () => {
    expect(factsIn([])).toBe(0);
    expect(factsIn(rowsOf(imposed('a'), imposed('b'), reversed('b'), reversed('c')))).toBe(4);
  });

  it('has come as far as a decision once all is imposed, and taken back where the decision was', () => {
    const [nothing, half, whole] = [[], rowsOf(imposed('a'), reversed('b')), rowsOf(imposed('a'), imposed('b'))];
    const taken = rowsOf(imposed('a'), reversed('a'));
    for (const state of ['proposed', 'rejected', 'superseded'] as const) expect(haveSanctions(nothing, state)).toBe(true);
    for (const state of ['in_effect', 'reverted', 'overturned'] as const) {
      expect(haveSanctions(nothing, state)).toBe(false);
      expect(haveSanctions(half, state)).toBe(false);
      expect(haveSanctions(whole, state)).toBe(state === 'in_effect');
      expect(haveSanctions(taken, state)).toBe(true);
    }
  });
});

describe('a history whose sanctions have not all come', () => {
  const sanctions = [
    { sanctionId: 'c1.2.1', kind: 'mute', durationHours: 1 },
    { sanctionId: 'c1.2.2', kind: 'warn' },
  ] as const;
  const decision = earlierDecision({ decisionId: 'c1.2', verdict: 'uphold', facts: 'Seen.', sanctions });
  const made = { step: step('DecisionMade', { decision }), caseVersion: 2 };
  const reverted = { step: step('DecisionReverted', { decisionId: 'c1.2', reason: 'Wrong.' }), caseVersion: 3 };
  const claimed = { step: step('CaseClaimed', { until: later }), caseVersion: 1 };
  const both = [imposed('c1.2.1', { caseVersion: 2 }), imposed('c1.2.2', { caseVersion: 2 })];

  it('lacks those of the first step that imposed more than there is', () => {
    expect(stepLackingSanctions([], [])).toBeUndefined();
    expect(stepLackingSanctions([claimed], [])).toBeUndefined();
    expect(stepLackingSanctions([claimed, made], rowsOf())).toBe(2);
    expect(stepLackingSanctions([claimed, made], rowsOf(both[0]!))).toBe(2);
    expect(stepLackingSanctions([claimed, made], rowsOf(...both))).toBeUndefined();
  });

  it('lacks what a step took back, until all of it is', () => {
    const history = [claimed, made, reverted];
    expect(stepLackingSanctions(history, rowsOf(...both))).toBe(3);
    expect(stepLackingSanctions(history, rowsOf(...both, reversed('c1.2.1')))).toBe(3);
    expect(stepLackingSanctions(history, rowsOf(...both, reversed('c1.2.1'), reversed('c1.2.2')))).toBeUndefined();
  });

  it('imposes what was proposed with its approval, and nothing with the proposal', () => {
    const proposed = { step: step('DecisionProposed', { decision, expiresAt: later }), caseVersion: 2 };
    const approved = { step: step('DecisionApproved', { decisionId: 'c1.2' }, 'pat'), caseVersion: 3 };
    expect(stepLackingSanctions([proposed], [])).toBeUndefined();
    expect(stepLackingSanctions([proposed, approved], [])).toBe(3);
    const ofApproval = both.map(({ data }) => imposed(data.sanctionId, { caseVersion: 3 }));
    expect(stepLackingSanctions([proposed, approved], rowsOf(...ofApproval))).toBeUndefined();
    // What the same decision imposed in a history that is superseded is not of this one.
    expect(stepLackingSanctions([proposed, approved], rowsOf(...both))).toBe(3);
  });

  it('takes sanctions of old, which name no step, for those of the decision that they name', () => {
    const ofOld = [imposed('c1.2.1'), imposed('c1.2.2')];
    expect(stepLackingSanctions([made], rowsOf(...ofOld))).toBeUndefined();
    expect(
      stepLackingSanctions([made], rowsOf(...ofOld.map(({ data }) => imposed(data.sanctionId, { decisionId: 'c1.9' })))),
    ).toBe(2);
  });

  it('lacks nothing of a decision that imposes nothing, nor of an appeal that changes nothing', () => {
    const harmless = { step: step('DecisionMade', { decision: { ...decision, sanctions: [] } }), caseVersion: 2 };
    expect(stepLackingSanctions([harmless], [])).toBeUndefined();
    const answer = { appealId: 'a1', decisionId: 'c1.2', facts: 'Looked again.' };
    const upheld = { step: step('AppealDecided', { ...answer, outcome: 'upheld' }), caseVersion: 3 };
    const overturned = { step: step('AppealDecided', { ...answer, outcome: 'overturned' }), caseVersion: 3 };
    expect(stepLackingSanctions([made, upheld], rowsOf(...both))).toBeUndefined();
    expect(stepLackingSanctions([made, overturned], rowsOf(...both))).toBe(3);
  });
});
