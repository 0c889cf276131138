import { describe, expect, it } from '@jest/globals';
import { randomOf } from '@ringside/random';

import { orderOf } from './kill-order.js';
import type { Killable } from './victim.js';

const victimOf = (name: string): Killable => ({
  ...{ name, awayMs: [], pid: () => 1, signal: () => undefined },
  killUntilBack: () => Promise.reject(new Error('it is not to be killed')),
});
const servers = ['pulsar', 'cql'].map(victimOf);
const services = ['report-intake', 'cheating-team', 'platform'].map(victimOf);

function drawn(seed: number, kills: number): readonly (readonly string[])[] {
  const order = orderOf({ servers, services, kills }, randomOf(seed));
  const moments: (readonly string[])[] = [];
  while (moments.flat().length < kills) moments.push(order.next().map(({ name }) => name));
  return moments;
}

describe('whom the run on real servers kills', () => {
  it('is each server often enough, and services mostly, whatever the seed', () => {
    for (let seed = 0; seed < 200; seed++) {
      const names = drawn(seed, 30).flat();
      for (const { name } of servers) expect(names.filter((one) => one === name).length).toBeGreaterThanOrEqual(2);
      expect(names.filter((name) => services.some((service) => service.name === name)).length).toBeGreaterThanOrEqual(15);
    }
  });

  it('is at times several at the same moment, both servers too, and nobody twice', () => {
    const moments = Array.from({ length: 200 }, (_, seed) => drawn(seed, 30)).flat();
    expect(moments.some((names) => names.includes('pulsar') && names.includes('cql'))).toBe(true);
    expect(moments.filter((names) => names.length > 1).length).toBeLessThan(moments.length / 2);
    for (const names of moments) expect(new Set(names).size).toBe(names.length);
  });

  it('is the same with the same seed', () => {
    expect(drawn(7, 30)).toEqual(drawn(7, 30));
  });
});
