/**
 * The positions of a stream that a view has: those from 1 to `sequence`, and where the stream forked, the `runs` behind its forks,
 * each from one position to another, in their order.
 */
export interface Positions {
  readonly sequence: number;
  readonly runs?: readonly Run[];
}

type Run = readonly [from: number, to: number];

export const noPositions: Positions = { sequence: 0 };

export const hasPosition = ({ sequence, runs = [] }: Positions, position: number): boolean =>
  position <= sequence || runs.some(([from, to]) => from <= position && position <= to);

/** With one more position, which follows one that is there. */
export function withPosition({ sequence, runs = [] }: Positions, position: number): Positions {
  if (position === sequence + 1) return runs.length === 0 ? { sequence: position } : { sequence: position, runs };
  const extended = runs.map((run): Run => (run[1] + 1 === position ? [run[0], position] : run));
  if (extended.some(([, to]) => to === position)) return { sequence, runs: extended };
  return { sequence, runs: [...runs, [position, position] as const].sort(([a], [b]) => a - b) };
}

/** The first position up to one that is not there. */
export function firstMissing({ sequence, runs = [] }: Positions, upTo: number): number {
  const before = [sequence, ...runs.map(([, to]) => to)].filter((last) => last < upTo);
  return Math.max(...before) + 1;
}
