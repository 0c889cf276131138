import type { Figure } from './row.js';

/** The same figure at several numbers of something. */
export interface GridLine {
  readonly name: string;
  readonly unit: string;
  /** In the order of the grid's columns; undefined where there is none. */
  readonly cells: readonly (Figure | undefined)[];
}

export interface Grid {
  /** The numbers that figures were measured at, ascending. */
  readonly columns: readonly number[];
  readonly lines: readonly GridLine[];
}

/** Figures that were measured at several numbers of something, side by side. */
export function gridOf(figures: readonly Figure[]): Grid {
  const inGrid = figures.filter(({ at }) => at !== undefined);
  const columns = [...new Set(inGrid.map(({ at }) => at!))].sort((a, b) => a - b);
  const lines = new Map<string, GridLine>();
  for (const { name, unit } of inGrid) {
    const cells = columns.map((column) => inGrid.find((one) => one.name === name && one.unit === unit && one.at === column));
    lines.set(`${name}/${unit}`, { name, unit, cells });
  }
  return { columns, lines: [...lines.values()] };
}
