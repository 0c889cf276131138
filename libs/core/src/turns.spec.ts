import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { turns } from './turns.js';

/** A piece of work that ends when it is told to. */
function pieceOfWork() {
  let [end, started] = [(): void => undefined, false];
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const work = (): Promise<void> => {
    started = true;
    return ended;
  };
  return { work, end: () => end(), isStarted: () => started };
}

const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('turns', () => {
  it('start the second work of a name when the first has ended, and that of another name at once', async () => {
    const turn = turns();
    const [first, second, other] = [pieceOfWork(), pieceOfWork(), pieceOfWork()];
    const results = [turn('a', first.work), turn('a', second.work), turn('b', other.work)];
    await settled();
    expect([first, second, other].map(({ isStarted }) => isStarted())).toEqual([true, false, true]);
    first.end();
    await settled();
    expect(second.isStarted()).toBe(true);
    second.end();
    other.end();
    await Promise.all(results);
  });

  it('tell whoever asked that their work failed, and nobody else', async () => {
    const turn = turns();
    const failing = turn('a', () => Promise.reject(new Error('lost')));
    const next = turn('a', () => Promise.resolve('done'));
    await expect(failing).rejects.toThrow('lost');
    expect(await next).toBe('done');
  });

  it('still wait for the last work of a name when an earlier one is done and forgotten', async () => {
    const turn = turns();
    const [first, second, third] = [pieceOfWork(), pieceOfWork(), pieceOfWork()];
    const all = [turn('a', first.work), turn('a', second.work)];
    first.end();
    await settled();
    all.push(turn('a', third.work));
    await settled();
    expect([second.isStarted(), third.isStarted()]).toEqual([true, false]);
    second.end();
    third.end();
    await Promise.all(all);
  });

  it('never overlap under one name, and keep the order in which they were asked for', async () => {
    const work = fc.array(fc.record({ name: fc.constantFrom('a', 'b', 'c'), steps: fc.nat(4), fails: fc.boolean() }), {
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(work, async (pieces) => {
        const turn = turns();
        const running = new Set<string>();
        const done: Record<string, number[]> = { a: [], b: [], c: [] };
        const asked = pieces.map(({ name, steps, fails }, index) =>
          turn(name, async () => {
            expect(running.has(name)).toBe(false);
            running.add(name);
            for (let i = 0; i < steps; i += 1) await Promise.resolve();
            running.delete(name);
            done[name]!.push(index);
            if (fails) throw new Error(`piece ${index}`);
          }),
        );
        const outcomes = await Promise.allSettled(asked);
        expect(outcomes.map(({ status }) => status === 'rejected')).toEqual(pieces.map(({ fails }) => fails));
        for (const [name, order] of Object.entries(done))
          expect(order).toEqual(pieces.flatMap((piece, index) => (piece.name === name ? [index] : [])));
      }),
    );
  });
});
