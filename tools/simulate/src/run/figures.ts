/** How much a run did, and how much of it was looked at. */
export interface Figures {
  /** Reports that were answered 202. */
  readonly accepted: number;
  /** Those of them that were looked for when all had come to rest. */
  readonly lookedFor: number;
  /** Those of these that were not found where they must be, or not once. */
  readonly astray: number;
  /** Answered as taken. */
  readonly commands: number;
  /** Answered 202. */
  readonly appeals: number;
  readonly records: number;
  readonly rows: number;
  readonly parked: number;
  /** Crashes, failed calls and all else that went wrong on purpose. */
  readonly disturbances: number;
}

export const noFigures: Figures = {
  ...{ accepted: 0, lookedFor: 0, astray: 0, commands: 0, appeals: 0 },
  ...{ records: 0, rows: 0, parked: 0, disturbances: 0 },
};

export function sum(a: Figures, b: Figures): Figures {
  const names = Object.keys(noFigures) as (keyof Figures)[];
  return Object.fromEntries(names.map((name) => [name, a[name] + b[name]])) as unknown as Figures;
}
