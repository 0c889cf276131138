import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RowWrite, WriteOptions } from '@ringside/view-store';

/** One call of `ViewStore.write`, for so many events. */
export interface RecordedCall {
  readonly events: number;
  readonly rows: readonly RowWrite[];
  readonly options: WriteOptions;
}

const file = (filled: string): string => join(filled, 'calls.json');

export const keepCalls = (filled: string, calls: readonly RecordedCall[]): void =>
  writeFileSync(file(filled), JSON.stringify(calls));
export const keptCalls = (filled: string): readonly RecordedCall[] =>
  JSON.parse(readFileSync(file(filled), 'utf8')) as readonly RecordedCall[];

/** All rows of a call, in the order in which they are written. */
export const rowsOf = ({ rows, options }: RecordedCall): readonly RowWrite[] => [...rows, ...(options.last ?? [])];

export const tablesOf = (calls: readonly RecordedCall[]): readonly string[] => [
  ...new Set(calls.flatMap(rowsOf).map(({ table }) => table)),
];

/** How many calls the first so many events take, and how many events those are. */
export function callsFor(calls: readonly RecordedCall[], events: number): { readonly count: number; readonly events: number } {
  let [count, taken] = [0, 0];
  while (taken < events) taken += calls[count++]!.events;
  return { count, events: taken };
}
