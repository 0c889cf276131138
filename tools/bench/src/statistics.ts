/** The middle value; of an even number the mean of the two in the middle. Throws for none. */
export function median(values: readonly number[]): number {
  const sorted = ascending(values);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = ascending(values);
  return { median: median(sorted), min: sorted[0]!, max: sorted.at(-1)! };
}

/** The smallest value that at least this share of all values does not exceed (nearest rank). `share` is above 0, up to 1. */
export function percentile(values: readonly number[], share: number): number {
  if (!(share > 0 && share <= 1)) throw new RangeError(`${share} is not a share above 0 and up to 1.`);
  const sorted = ascending(values);
  return sorted[Math.ceil(share * sorted.length) - 1]!;
}

function ascending(values: readonly number[]): readonly number[] {
  if (values.length === 0) throw new RangeError('There are no values.');
  if (values.some((value) => !Number.isFinite(value))) throw new RangeError('A value is not a finite number.');
  return [...values].sort((a, b) => a - b);
}
