import { describe, expect, it } from '@jest/globals';

import { verdictsOf, type Overloaded } from './judge-overload.js';
import type { Tally } from './load.js';

const tally = (change: Partial<Tally> = {}): Tally => ({
  ...{ ms: 10_000, due: 10_000, sent: 10_000, accepted: 900, putOff: 9_100, others: {}, broken: 0, unanswered: 0 },
  ...{ p50: 20, p99: 50, slowest: 60, reportIds: [] },
  ...change,
});
const overloaded = (change: Partial<Overloaded> = {}): Overloaded => ({
  ...{ capacity: 100, alone: tally({ p99: 5 }), over: tally(), seconds: 10, memoryBefore: 1, memoryPeak: 2 },
  ...{ recoveryMs: 100, accepted: 90_000, missing: 0 },
  ...change,
});
const broken = (change: Partial<Overloaded>, short: boolean): readonly string[] =>
  verdictsOf(overloaded(change), short).flatMap(({ name, faults }) => (faults.length > 0 ? [name] : []));

describe('an overload', () => {
  it('is borne where everybody is answered and nothing is lost', () => {
    expect(broken({}, false)).toEqual([]);
    expect(verdictsOf(overloaded(), false).map(({ notJudged = [] }) => notJudged)).toEqual(Array(7).fill([]));
  });

  it.each<[string, Partial<Overloaded>]>([
    ['the load itself', { over: tally({ sent: 0 }) }],
    ['answers', { over: tally({ others: { 500: 1 } }) }],
    ['answers', { over: tally({ broken: 1 }) }],
    ['answers', { over: tally({ unanswered: 1 }) }],
    ['what goes on', { over: tally({ accepted: 0 }) }],
    ['memory', { memoryPeak: 2 ** 30 }],
    ['recovery', { recoveryMs: Infinity }],
    ['durability', { missing: 1 }],
    ['durability', { accepted: 0 }],
  ])('breaks %s by what is counted, in a short run too', (name, change) => {
    expect(broken(change, true)).toEqual([name]);
    expect(broken(change, false)).toContain(name);
  });

  it.each<[string, Partial<Overloaded>]>([
    ['the load itself', { over: tally({ sent: 8_000 }) }],
    ['what goes on', { over: tally({ accepted: 50 }) }],
    ['latency of the accepted', { over: tally({ p99: 600 }) }],
    ['recovery', { recoveryMs: 6_000 }],
  ])('breaks %s by how long it took in a long run alone', (name, change) => {
    expect(broken(change, false)).toEqual([name]);
    expect(broken(change, true)).toEqual([]);
    const said = verdictsOf(overloaded(change), true).filter(({ notJudged = [] }) => notJudged.length > 0);
    expect(said.map((verdict) => verdict.name)).toEqual([name]);
  });
});
