import { describe, expect, it } from '@jest/globals';

import { beat, beatsOf, endTurns, runAt, stuckWatch, takeTurn, turnsFor } from './turns.js';

describe('turns', () => {
  it('give each run to one thread, and none beyond the last', () => {
    const turns = turnsFor(2);
    const given = [0, 1, 1, 0].map((thread) => takeTurn(turns, thread, 3));
    expect(given).toEqual([0, 1, 2, undefined]);
    expect([runAt(turns, 0), runAt(turns, 1)]).toEqual([0, 2]);
    expect([beatsOf(turns, 0), beatsOf(turns, 1)]).toEqual([1, 2]);
  });

  it('are over when somebody ends them', () => {
    const turns = turnsFor(1);
    takeTurn(turns, 0, 9);
    endTurns(turns, 9);
    expect(takeTurn(turns, 0, 9)).toBeUndefined();
  });
});

describe('the watch over a thread', () => {
  it('finds it stuck at one run, however long it has been at others', () => {
    const turns = turnsFor(1);
    const isStuck = stuckWatch(100, 0);
    const seenAt = (ms: number): boolean => isStuck(beatsOf(turns, 0), ms);
    expect(seenAt(90)).toBe(false);
    takeTurn(turns, 0, 9);
    expect(seenAt(180)).toBe(false);
    beat(turns, 0);
    expect([seenAt(270), seenAt(370), seenAt(371)]).toEqual([false, false, true]);
  });
});
