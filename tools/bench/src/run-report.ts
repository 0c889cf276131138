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
