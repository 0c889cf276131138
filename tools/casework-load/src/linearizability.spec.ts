import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { checkLinearizability, type Operation, type SequentialModel } from './linearizability.js';

/** A register that takes a write, a read, and a write under a condition. */
type Input =
  | { readonly kind: 'write'; readonly value: number }
  | { readonly kind: 'read' }
  | { readonly kind: 'add'; readonly value: number }
  | { readonly kind: 'swap'; readonly from: number; readonly to: number };
/** What was read; of a swap 1 where it went through, and 0 where not; 0 of all else. */
type Output = number;
type Op = Operation<Input, Output>;

const register: SequentialModel<number, Input, Output> = {
  initial: () => 0,
  identify: String,
  step(state, input, output) {
    const [after, said] = applied(state, input);
    return output === undefined || output === said ? [after] : [];
  },
};

function applied(state: number, input: Input): readonly [after: number, output: number] {
  switch (input.kind) {
    case 'write':
      return [input.value, 0];
    case 'read':
      return [state, state];
    case 'add':
      return [state + input.value, 0];
    case 'swap':
      return state === input.from ? [input.to, 1] : [state, 0];
  }
}

const [write, add] = (['write', 'add'] as const).map((kind) => (value: number): Input => ({ kind, value })) as [
  (value: number) => Input,
  (value: number) => Input,
];
const swap = (from: number, to: number): Input => ({ kind: 'swap', from, to });
const read: Input = { kind: 'read' };

/** From, to, what was asked, what was heard; without the latter the outcome is unknown. */
type Line = readonly [invokedAt: number, answeredAt: number, input: Input, output?: Output];
const historyOf = (lines: readonly Line[], key = 'x'): Op[] =>
  lines.map(([invokedAt, at, input, output]) => ({
    key,
    input,
    invokedAt,
    answer: output === undefined ? undefined : { at, output },
  }));

const verdictOn = (...lines: Line[]) => checkLinearizability(register, historyOf(lines)).verdict;

describe('a history is linearizable', () => {
  it.each<[string, Line[]]>([
    ['without operations', []],
    [
      'one after the other',
      [
        [0, 1, write(1), 0],
        [2, 3, read, 1],
        [4, 5, swap(1, 2), 1],
        [6, 7, read, 2],
      ],
    ],
    [
      'where a read goes before a write that is under way',
      [
        [0, 9, write(1), 0],
        [1, 2, read, 0],
        [3, 4, read, 1],
      ],
    ],
    [
      'where the later invocation takes effect first',
      [
        [0, 9, write(1), 0],
        [1, 8, write(2), 0],
        [10, 11, read, 1],
      ],
    ],
    [
      'where one of two swaps goes through',
      [
        [0, 9, swap(0, 1), 0],
        [0, 9, swap(0, 2), 1],
        [10, 11, read, 2],
      ],
    ],
    [
      'where operations touch',
      [
        [0, 1, write(1), 0],
        [1, 2, read, 0],
      ],
    ],
    [
      'where an unknown one took effect late',
      [
        [0, 1, write(1)],
        [5, 6, read, 0],
        [7, 8, read, 1],
        [9, 10, read, 1],
      ],
    ],
    [
      'where an unknown one never took effect',
      [
        [0, 1, write(1)],
        [5, 6, read, 0],
      ],
    ],
    [
      'where an unknown one had no effect at first',
      [
        [0, 1, swap(1, 2)],
        [2, 3, read, 0],
        [4, 5, write(1), 0],
        [6, 7, read, 2],
      ],
    ],
    [
      'where of two unknown ones the second was first',
      [
        [0, 1, write(1)],
        [2, 3, write(2)],
        [4, 5, read, 2],
        [6, 7, read, 1],
      ],
    ],
  ])('%s', (_what, lines) => {
    expect(verdictOn(...lines)).toBe('linearizable');
  });
});

describe('a history is not linearizable', () => {
  it.each<[string, Line[], number]>([
    ['that read what nobody wrote', [[0, 1, read, 7]], 0],
    [
      'with a stale read',
      [
        [0, 1, write(1), 0],
        [2, 3, read, 0],
      ],
      1,
    ],
    [
      'that goes back',
      [
        [0, 9, write(1), 0],
        [1, 2, read, 1],
        [3, 4, read, 0],
      ],
      2,
    ],
    [
      'with a lost update',
      [
        [0, 3, add(1), 0],
        [1, 4, add(1), 0],
        [5, 6, read, 1],
      ],
      2,
    ],
    [
      'where both swaps went through',
      [
        [0, 9, swap(0, 1), 1],
        [0, 9, swap(0, 2), 1],
      ],
      1,
    ],
    ['where a swap was refused that nothing stood against', [[0, 1, swap(0, 1), 0]], 0],
    [
      'with an effect twice',
      [
        [0, 1, add(1)],
        [2, 3, read, 1],
        [4, 5, read, 2],
      ],
      2,
    ],
    [
      'with an effect before the invocation',
      [
        [0, 1, read, 1],
        [2, 3, write(1), 0],
      ],
      0,
    ],
    [
      'with an unknown effect before the invocation',
      [
        [0, 1, read, 1],
        [2, 3, write(1)],
      ],
      0,
    ],
    [
      'with an unknown effect that was taken back',
      [
        [0, 1, write(1)],
        [2, 3, read, 1],
        [4, 5, read, 0],
      ],
      2,
    ],
  ])('%s', (_what, lines, culprit) => {
    const history = historyOf(lines);
    const verdict = checkLinearizability(register, history);
    expect(verdict).toMatchObject({ verdict: 'not_linearizable', key: 'x', operation: history[culprit] });
  });

  it('and says in which states it might have been, and what was under way', () => {
    const history = historyOf([
      [0, 1, write(5), 0],
      [2, 20, write(6), 0],
      [2, 3, write(7)],
      [4, 5, read, 9],
    ]);
    expect(checkLinearizability(register, history)).toEqual({
      verdict: 'not_linearizable',
      key: 'x',
      operation: history[3],
      states: [5],
      underWay: [history[1], history[2]],
    });
  });
});

describe('a check', () => {
  it('looks at each key by itself', () => {
    const good = historyOf(
      [
        [0, 1, write(1), 0],
        [2, 3, read, 1],
      ],
      'good',
    );
    const bad = historyOf(
      [
        [0, 1, write(1), 0],
        [2, 3, read, 0],
      ],
      'bad',
    );
    expect(checkLinearizability(register, [...good, ...bad])).toMatchObject({ verdict: 'not_linearizable', key: 'bad' });
    expect(checkLinearizability(register, good)).toEqual({ verdict: 'linearizable', operations: 2 });
  });

  it('takes a model that may go either way', () => {
    const coin: SequentialModel<number, Input, Output> = {
      ...register,
      step: (state, input, output) =>
        input.kind === 'add' ? [state, state + input.value] : register.step(state, input, output),
    };
    const adds: Line[] = [
      [0, 1, add(1), 0],
      [2, 3, add(2), 0],
    ];
    const reading = (value: number) => checkLinearizability(coin, historyOf([...adds, [4, 5, read, value]])).verdict;
    expect([0, 1, 2, 3, 4].map(reading)).toEqual([...Array<string>(4).fill('linearizable'), 'not_linearizable']);
  });

  it('says that it does not know, rather than to go on for ever', () => {
    const many: Line[] = Array.from({ length: 20 }, (_, i) => [0, 1, add(2 ** i)]);
    const history = historyOf([...many, [2, 3, read, -1]]);
    expect(checkLinearizability(register, history, { configurationsMax: 1_000 })).toEqual({
      verdict: 'undecided',
      key: 'x',
      configurations: 1_000,
    });
    const bad = historyOf([[0, 1, read, 7]], 'bad');
    expect(checkLinearizability(register, [...history, ...bad], { configurationsMax: 1_000 })).toMatchObject({ key: 'bad' });
  });

  it('does not lose its way among commands that were sent several times', () => {
    const highest: SequentialModel<number, Input, Output> = {
      ...register,
      step: (state, input, output) =>
        input.kind === 'add' ? [Math.max(state, input.value)] : register.step(state, input, output),
    };
    const lines = Array.from({ length: 60 }, (_, i): Line[] => {
      const sendings: Line[] = [0, 1, 2].map((time) => [10 * i + time, 10 * i + time, add(i)]);
      return i % 2 === 0
        ? [...sendings, [10 * i + 4, 10 * i + 5, add(i), 0]]
        : [...sendings, [10 * i + 4, 10 * i + 5, read, i]];
    });
    const options = { configurationsMax: 100 };
    expect(checkLinearizability(highest, historyOf(lines.flat()), options)).toMatchObject({ verdict: 'linearizable' });
    const back = historyOf([...lines.flat(), [900, 901, read, 58]]);
    expect(checkLinearizability(highest, back, options)).toMatchObject({ verdict: 'not_linearizable', states: [59] });
  });

  it('refuses times that cannot be', () => {
    expect(() => checkLinearizability(register, historyOf([[3, 2, read, 0]]))).toThrow(RangeError);
  });

  it('of a long history of many clients takes a moment', () => {
    const lines = Array.from({ length: 20_000 }, (_, i): Line => [i, i + 15, swap(i, i + 1), 1]);
    expect(verdictOn(...lines)).toBe('linearizable');
  });

  it('finds what trying every order finds', () => {
    let [yes, no] = [0, 0];
    fc.assert(
      fc.property(fc.array(arbitraryLine, { maxLength: 6 }), (lines) => {
        const history = historyOf(lines);
        const expected = byTryingAll(history);
        if (expected) yes++;
        else no++;
        expect(checkLinearizability(register, history).verdict === 'linearizable').toBe(expected);
      }),
      { numRuns: 3_000 },
    );
    // Both happen often enough to tell something.
    expect(Math.min(yes, no)).toBeGreaterThan(300);
  });
});

const small = fc.integer({ min: 0, max: 2 });
const arbitraryInput = fc.oneof(
  fc.constant(read),
  small.map(write),
  small.map(add),
  fc.tuple(small, small).map(([from, to]) => swap(from, to)),
);
const arbitraryLine: fc.Arbitrary<Line> = fc
  .tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 6 }), arbitraryInput, small, fc.nat(2))
  .map(([from, takes, input, output, luck]) => {
    if (luck === 0) return [from, from, input];
    const said = input.kind === 'read' ? output : input.kind === 'swap' ? output % 2 : 0;
    return [from, from + takes, input, said];
  });

/** By the definition: some order of all that were answered and some of the others, in which nothing comes before what ended before it began. */
function byTryingAll(left: readonly Op[], state = 0): boolean {
  if (left.every(({ answer }) => answer === undefined)) return true;
  const firstEnd = Math.min(...left.map(({ answer }) => answer?.at ?? Infinity));
  return left.some((operation, i) => {
    if (operation.invokedAt > firstEnd) return false;
    const rest = left.toSpliced(i, 1);
    // Without a place in the order: only for those of unknown outcome.
    if (operation.answer === undefined && byTryingAll(rest, state)) return true;
    return register.step(state, operation.input, operation.answer?.output).some((after) => byTryingAll(rest, after));
  });
}
