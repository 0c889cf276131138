/** What a load is to be like. */
export type Load =
  /** So many callers, each with one request under way. */
  | { readonly kind: 'closed'; readonly connections: number; readonly ms: number }
  /** So many requests a second, whatever becomes of those before, as long as one of so many connections is free. */
  | { readonly kind: 'open'; readonly connections: number; readonly perSecond: number; readonly ms: number };

/** What became of the requests of a load. Times from when one was due to the end of its answer. */
export interface Tally {
  readonly ms: number;
  /** Due by the clock of the load. */
  readonly due: number;
  /** Written to a socket. */
  readonly sent: number;
  readonly accepted: number;
  /** 429 and 503, each with Retry-After. */
  readonly putOff: number;
  /** Anything else that was answered: statuses of requests, and of lines of a batch that were not accepted. */
  readonly others: Readonly<Record<string, number>>;
  /** Connections that ended before their answer. */
  readonly broken: number;
  /** Not answered when the load was over and its patience as well. */
  readonly unanswered: number;
  readonly p50: number;
  readonly p99: number;
  readonly slowest: number;
  /** Ids of the reports in what was accepted. */
  readonly reportIds: readonly string[];
}

/** The value that `part` of them do not exceed; 0 of none. Sorts them. */
export function percentile(values: number[], part: number): number {
  values.sort((a, b) => a - b);
  return values[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0;
}
