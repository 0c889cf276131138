import { describe, expect, it } from '@jest/globals';

import { randomOf } from './random.js';

const drawn = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);
const often = 20_000;

describe('a seed', () => {
  it('gives the same again', () => {
    const [one, other] = [randomOf(7), randomOf(7)];
    expect(drawn(100, one.next)).toEqual(drawn(100, other.next));
  });

  it('has nothing in common with its neighbours, from the first number on', () => {
    const firsts = Array.from({ length: 1_000 }, (_, seed) => randomOf(seed).below(10));
    for (let digit = 0; digit < 10; digit++) {
      const found = firsts.filter((first) => first === digit).length;
      expect(found).toBeGreaterThan(60);
      expect(found).toBeLessThan(140);
    }
    expect(randomOf('a').next()).not.toBe(randomOf('b').next());
  });
});

describe('what is asked of it', () => {
  it('lies where it has to, up to both ends', () => {
    const random = randomOf(1);
    const numbers = drawn(often, random.next);
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
    expect(new Set(drawn(often, () => random.below(3)))).toEqual(new Set([0, 1, 2]));
    expect(new Set(drawn(often, () => random.between(-1, 1)))).toEqual(new Set([-1, 0, 1]));
  });

  it('comes as often as it was said', () => {
    const random = randomOf(2);
    const share = (of: boolean[]): number => of.filter(Boolean).length / of.length;
    expect(share(drawn(often, () => random.chance(0.3)))).toBeCloseTo(0.3, 1);
    expect(drawn(often, () => random.chance(0))).not.toContain(true);
    const items = [
      { name: 'rare', weight: 1 },
      { name: 'never', weight: 0 },
      { name: 'common', weight: 9 },
    ];
    const names = drawn(often, () => random.pickWeighted(items).name);
    expect(share(names.map((name) => name === 'rare'))).toBeCloseTo(0.1, 1);
    expect(names).not.toContain('never');
    expect(new Set(drawn(often, () => random.pick(['x', 'y'])))).toEqual(new Set(['x', 'y']));
  });

  it('can put items in every order, and leaves those it was given as they are', () => {
    const random = randomOf(3);
    const items = Object.freeze([1, 2, 3]);
    const orders = new Set(drawn(200, () => random.shuffled(items).join('')));
    expect([...orders].sort()).toEqual(['123', '132', '213', '231', '312', '321']);
  });

  it('fills bytes of every value', () => {
    const bytes = new Uint8Array(often);
    randomOf(4).fill(bytes);
    expect(new Set(bytes).size).toBe(256);
  });

  it('refuses to pick from nothing', () => {
    expect(() => randomOf(5).pick([])).toThrow(RangeError);
    expect(() => randomOf(5).pickWeighted([])).toThrow(RangeError);
  });
});
