import type { CaseRows } from './case-rows.js';

/** When the open reports of one reason were filed. */
export interface OpenReason {
  readonly count: number;
  readonly first: string;
  readonly last: string;
  /** How many of them by hour, such as `2026-01-31T12`: a row for each hour has the minutes, and one for each minute the times. */
  readonly hours: Readonly<Record<string, number>>;
}

/**
 * Of an hour's open reports how many were filed in each minute, or of a minute's at each time. By minute, so that a case of which
 * thousands come in an hour does not rewrite all of their times with each.
 */
type Counts = Readonly<Record<string, number>>;

const hourOf = (time: string): string => time.slice(0, 13);
const minuteOf = (time: string): string => time.slice(0, 16);
const openKey = (reason: string, hourOrMinute: string): string => `open/${reason}/${hourOrMinute}`;

/** The rows that an open report of this time is counted in. */
export const openKeys = (reason: string, time: string): readonly string[] => [
  openKey(reason, hourOf(time)),
  openKey(reason, minuteOf(time)),
];

export type OpenReasons = Readonly<Record<string, OpenReason>>;

/** A report of the reason is open from now on. */
export function addOpen(rows: CaseRows, reasons: OpenReasons, reason: string, filedAt: string): OpenReasons {
  changeCounts(rows, reason, filedAt, 1);
  const { count, first, last, hours } = reasons[reason] ?? { count: 0, first: filedAt, last: filedAt, hours: {} };
  return withReason(reasons, reason, {
    count: count + 1,
    first: filedAt < first ? filedAt : first,
    last: filedAt > last ? filedAt : last,
    hours: changed(hours, hourOf(filedAt), 1),
  });
}

/** A report of the reason is open no longer. */
export function removeOpen(rows: CaseRows, reasons: OpenReasons, reason: string, filedAt: string): OpenReasons {
  changeCounts(rows, reason, filedAt, -1);
  const { count, hours, first, last } = reasons[reason]!;
  if (count === 1) return withReason(reasons, reason, undefined);
  const left = changed(hours, hourOf(filedAt), -1);
  const names = Object.keys(left);
  return withReason(reasons, reason, {
    count: count - 1,
    first: filedAt > first ? first : (timeAt(rows, reason, names[0], 0) ?? first),
    last: filedAt < last ? last : (timeAt(rows, reason, names.at(-1), -1) ?? last),
    hours: left,
  });
}

/** The first time of an hour, or the last. Undefined while rows are still to be fetched: the event is then projected again. */
function timeAt(rows: CaseRows, reason: string, hour: string | undefined, end: 0 | -1): string | undefined {
  const endOf = (part: string | undefined): string | undefined =>
    part === undefined ? undefined : Object.keys(rows.get<Counts>(openKey(reason, part)) ?? {}).at(end);
  return endOf(endOf(hour));
}

function changeCounts(rows: CaseRows, reason: string, time: string, by: 1 | -1): void {
  for (const [part, name] of [
    [hourOf(time), minuteOf(time)],
    [minuteOf(time), time],
  ] as const) {
    const key = openKey(reason, part);
    const counts = changed(rows.get<Counts>(key) ?? {}, name, by);
    rows.set(key, Object.keys(counts).length === 0 ? undefined : counts);
  }
}

/** In the order of the names, so that the same set of reports gives the same bytes. */
export function changed(counts: Readonly<Record<string, number>>, name: string, by: number): Readonly<Record<string, number>> {
  const before = counts[name] ?? 0;
  if (before + by <= 0) {
    const { [name]: _, ...others } = counts;
    return others;
  }
  const after = { ...counts, [name]: before + by };
  return before > 0 || isBehindAll(counts, name) ? after : sorted(after);
}

function isBehindAll(counts: Readonly<Record<string, number>>, name: string): boolean {
  for (const other in counts) if (other > name) return false;
  return true;
}

function withReason(reasons: OpenReasons, reason: string, now: OpenReason | undefined): OpenReasons {
  if (now === undefined) {
    const { [reason]: _, ...others } = reasons;
    return others;
  }
  const after = { ...reasons, [reason]: now };
  return reasons[reason] === undefined ? sorted(after) : after; // else it keeps its place
}

export const sorted = <T>(record: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
