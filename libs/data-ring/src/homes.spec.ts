import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { homeOf, homesOf } from './homes.js';
import type { HomesPolicy } from './policy.js';

const hashed: HomesPolicy = { rules: [], otherwise: 'hash' };
const three = ['eu', 'us', 'ap'];
const players = Array.from({ length: 6_000 }, (_, number) => `player-${number}`);

function shares(regions: readonly string[]): readonly number[] {
  const homes = players.map((id) => homeOf(id, hashed, regions));
  return regions.map((region) => homes.filter((home) => home === region).length / players.length);
}

describe('The home of a player', () => {
  it('is what it was: a change here would move the cases of players', () => {
    expect(players.slice(0, 8).map((id) => homeOf(id, hashed, three))).toEqual([
      'eu',
      'eu',
      'eu',
      'ap',
      'eu',
      'ap',
      'us',
      'ap',
    ]);
  });

  it('is the same where it was asked for before, and of more players than are remembered', () => {
    const remembered = homesOf(hashed, three);
    const many = Array.from({ length: 10_500 }, (_, number) => `player-${number}`);
    for (const id of [...many, ...many.slice(-20), ...many.slice(0, 20)]) {
      if (remembered(id) !== homeOf(id, hashed, three)) throw new Error(`${id} has two homes.`);
    }
  });

  it('is the same whatever order the regions come in', () => {
    fc.assert(
      fc.property(fc.string(), fc.shuffledSubarray(three, { minLength: 3 }), (id, regions) => {
        expect(homeOf(id, hashed, regions)).toBe(homeOf(id, hashed, three));
      }),
    );
  });

  it.each([2, 3, 6])('is spread evenly over %i regions', (count) => {
    const regions = Array.from({ length: count }, (_, number) => `region-${number}`);
    // Three standard deviations of a fair share of 6,000 players are less than two hundredths.
    for (const share of shares(regions)) expect(Math.abs(share - 1 / count)).toBeLessThan(0.02);
  });

  it('moves to a region that is added, or stays where it was', () => {
    const moved = players.filter((id) => {
      const [before, after] = [homeOf(id, hashed, three), homeOf(id, hashed, [...three, 'sa'])];
      expect([before, 'sa']).toContain(after);
      return before !== after;
    });
    expect(Math.abs(moved.length / players.length - 1 / 4)).toBeLessThan(0.02);
  });

  it('stays where it was when a region is added, where the regions are named that have a share', () => {
    const named: HomesPolicy = { rules: [], otherwise: { hashOver: three } };
    for (const id of players.slice(0, 500)) {
      expect(homeOf(id, named, [...three, 'sa'])).toBe(homeOf(id, hashed, three));
    }
  });

  it('is said by the first rule whose prefix the id has, and by the last word for all others', () => {
    const rules = [
      { idPrefix: 'eu-west-', region: 'us', ground: 'First.' },
      { idPrefix: 'eu-', region: 'eu', ground: 'Second.' },
    ];
    const homes: HomesPolicy = { rules, otherwise: { region: 'ap' } };
    expect(['eu-west-1', 'eu-1', 'xeu-1', 'EU-1'].map((id) => homeOf(id, homes, three))).toEqual(['us', 'eu', 'ap', 'ap']);
  });
});
