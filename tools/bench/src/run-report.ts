import type { Machine } from './machine.js';
import type { NamedResult } from './results-in-words.js';

/** A run of the bench, as `--json` keeps it and the page shows it. */
export interface RunReport {
  readonly machine: Machine;
  /** Short and few rounds: no aim is judged. */
  readonly quick: boolean;
  /** Of each comparison, as asked for; not in files of earlier benches. */
  readonly rounds?: number;
  /** Subjects wrote CPU profiles: their rates are not to be trusted. */
  readonly profiled?: boolean;
  /** When it ended, as an ISO date-time. */
  readonly at: string;
  readonly seconds: number;
  /** As a user types it. */
  readonly command: string;
  readonly results: readonly NamedResult[];
}

/** Whether it is what `--json` wrote, of this version or an earlier one. */
export function isRunReport(value: unknown): value is RunReport {
  const { machine, quick, at, seconds, command, results } = (value ?? {}) as Partial<RunReport>;
  return (
    [at, command].every((one) => typeof one === 'string') &&
    typeof machine === 'object' &&
    machine !== null &&
    typeof quick === 'boolean' &&
    typeof seconds === 'number' &&
    Array.isArray(results) &&
    results.every((one: Partial<NamedResult> | null) => typeof one?.name === 'string' && typeof one.kind === 'string')
  );
}
