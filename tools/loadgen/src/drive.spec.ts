import { describe, expect, it } from '@jest/globals';
import { drive, inParallel } from './drive.js';

const signal = new AbortController().signal;
const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

describe('drive', () => {
  it('sends at the time that is due, answered or not', async () => {
    const sent: number[] = [];
    const answers: (() => void)[] = [];
    const dues = [0, 0, 5][Symbol.iterator]() as Iterator<number, unknown, void>;
    await drive(numbers(3), { arrivals: dues, connections: 1, signal }, (request) => {
      sent.push(request);
      // None is answered before the last is sent: a sender that waits for answers would never come there.
      return new Promise((answer) => {
        answers.push(answer);
        if (sent.length === 3) for (const one of answers) one();
      });
    });
    expect(sent).toEqual([0, 1, 2]);
  });

  it('keeps each connection busy without a rate, and no more than there are', async () => {
    let [open, most] = [0, 0];
    await drive(numbers(20), { connections: 4, signal }, async () => {
      most = Math.max(most, ++open);
      await new Promise(setImmediate);
      open -= 1;
    });
    expect(most).toBe(4);
  });

  it('sends nothing more once it is to end', async () => {
    const stop = new AbortController();
    const sent: number[] = [];
    await drive(numbers(100), { connections: 1, signal: stop.signal }, async (request) => {
      sent.push(request);
      if (request === 5) stop.abort();
    });
    expect(sent).toEqual(numbers(6));
  });
});

describe('inParallel', () => {
  it('does everything, so many at a time', async () => {
    const done = new Set<number>();
    let [open, most] = [0, 0];
    await inParallel(numbers(50), 8, async (item) => {
      most = Math.max(most, ++open);
      await new Promise(setImmediate);
      done.add(item);
      open -= 1;
    });
    expect([done.size, most]).toEqual([50, 8]);
  });
});
