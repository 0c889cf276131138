import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { at, hours } from './lifecycle.fixture.js';
import { sanctionsInForce, strikesAt, type SanctionOnFile } from './strikes.js';

const sanction = (sanctionId: string, given: Partial<SanctionOnFile> = {}): SanctionOnFile => ({
  sanctionId,
  decisionId: `decision of ${sanctionId}`,
  team: 'cheating',
  game: 'stormfall',
  kind: 'suspend',
  from: at(0),
  until: at(hours(24)),
  strikeUntil: at(hours(24 * 365)),
  reversed: null,
  ...given,
});

describe('strikes', () => {
  it('are decisions, of every team, not sanctions', () => {
    const sanctions = [
      sanction('a', { decisionId: 'd1' }),
      sanction('b', { decisionId: 'd1', kind: 'warn', until: null }),
      sanction('c', { decisionId: 'd2', team: 'abuse', game: 'kickoff' }),
    ];
    expect(strikesAt(sanctions, at(1))).toBe(2);
  });

  it('begin with the sanction, and end when they expire or the sanction is taken back', () => {
    const one = sanction('a', { strikeUntil: at(100) });
    const reversed = sanction('b', { reversed: { at: at(50), because: 'overturned' } });
    const counts = [-1, 0, 49, 50, 99, 100].map((minute) => strikesAt([one, reversed], at(minute)));
    expect(counts).toEqual([0, 2, 2, 1, 1, 0]);
  });
});

describe('what is in force', () => {
  it('is the longest of each kind and game, with all that are behind it', () => {
    const sanctions = [
      sanction('a', { until: at(hours(24)) }),
      sanction('b', { team: 'abuse', until: at(hours(48)) }),
      sanction('c', { team: 'abuse', kind: 'mute', until: at(hours(1)) }),
      sanction('d', { game: 'kickoff' }),
    ];
    expect(sanctionsInForce(sanctions, at(1))).toEqual([
      {
        game: 'kickoff',
        kind: 'suspend',
        until: at(hours(24)),
        imposed: [{ sanctionId: 'd', team: 'cheating', until: at(hours(24)) }],
      },
      {
        game: 'stormfall',
        kind: 'suspend',
        until: at(hours(48)),
        imposed: [
          { sanctionId: 'b', team: 'abuse', until: at(hours(48)) },
          { sanctionId: 'a', team: 'cheating', until: at(hours(24)) },
        ],
      },
      {
        game: 'stormfall',
        kind: 'mute',
        until: at(hours(1)),
        imposed: [{ sanctionId: 'c', team: 'abuse', until: at(hours(1)) }],
      },
    ]);
  });

  it('has no end where one of them has none, until that one is taken back', () => {
    const ban = sanction('a', { kind: 'ban', until: null });
    const shorter = sanction('b', { kind: 'ban', team: 'abuse', until: at(hours(2)) });
    expect(sanctionsInForce([shorter, ban], at(1))).toMatchObject([{ kind: 'ban', until: null, imposed: [{}, {}] }]);
    const reversed = { ...ban, reversed: { at: at(30), because: 'reverted' } } as const;
    expect(sanctionsInForce([shorter, reversed], at(30))).toMatchObject([
      { until: at(hours(2)), imposed: [{ sanctionId: 'b' }] },
    ]);
  });

  it('has neither warnings nor what is over or has not begun', () => {
    const sanctions = [
      sanction('a', { kind: 'warn', until: null }),
      sanction('b', { until: at(5) }),
      sanction('c', { from: at(6) }),
    ];
    expect(sanctionsInForce(sanctions, at(5))).toEqual([]);
  });
});

const minutes = fc.integer({ min: 0, max: 20 });
const anySanction = fc
  .record({
    team: fc.constantFrom('cheating', 'abuse', 'triage'),
    game: fc.constantFrom('stormfall', 'kickoff'),
    kind: fc.constantFrom('warn', 'mute', 'ban'),
    from: fc.constantFrom(at(0), at(5)),
    until: fc.constantFrom(null, at(10), at(20)),
    strikeUntil: minutes.map((minute) => at(minute + 10)),
    reversed: fc.oneof(
      { weight: 3, arbitrary: fc.constant(null) },
      minutes.map((minute) => ({ at: at(minute), because: 'reverted' as const })),
    ),
    decisionId: fc.constantFrom('d1', 'd2', 'd3'),
  })
  .map((given) => given as Partial<SanctionOnFile>);
const onFile = fc
  .array(anySanction, { minLength: 2, maxLength: 12, size: 'max' })
  .map((all) => all.map((given, index) => sanction(`s${index}`, given)));
const shuffled = onFile.chain((all) =>
  fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }), minutes.map(at)),
);

describe('sanctions of several teams', () => {
  it('come to the same in whichever order they are known', () => {
    fc.assert(
      fc.property(shuffled, ([all, otherwise, when]) => {
        expect(sanctionsInForce(otherwise, when)).toEqual(sanctionsInForce(all, when));
        expect(strikesAt(otherwise, when)).toBe(strikesAt(all, when));
      }),
    );
  });

  it('all stay visible: each that runs is behind exactly one of what is in force', () => {
    fc.assert(
      fc.property(onFile, minutes.map(at), (all, when) => {
        const running = all.filter(
          ({ kind, from, until, reversed }) =>
            kind !== 'warn' && from <= when && (until === null || until > when) && (reversed === null || reversed.at > when),
        );
        const behind = sanctionsInForce(all, when).flatMap(({ imposed }) => imposed.map(({ sanctionId }) => sanctionId));
        expect(behind.sort()).toEqual(running.map(({ sanctionId }) => sanctionId).sort());
      }),
    );
  });
});
