/** One curve of a plot. */
export interface Line {
  readonly name: string;
  /** One value for each x; null where there is none. */
  readonly values: readonly (number | null)[];
}

/** What the report draws of a row beside its tables: how something grows. */
export interface Plot {
  readonly title: string;
  readonly x: { readonly label: string; readonly values: readonly number[]; readonly log?: boolean };
  readonly y: { readonly label: string; readonly log?: boolean };
  readonly lines: readonly Line[];
}
