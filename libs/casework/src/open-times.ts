import type { CaseRows } from './case-rows.js';

/** When the open reports of one reason were filed. */
export interface OpenReason {
  readonly count: number;
  readonly first: string;
  readonly last: string;
  /** How many of them by hour, such as `2026-01-31T12`: a row for each hour has the exact times. */
  readonly hours: Readonly<Record<string, number>>;
}

/**
 * Of an hour's open reports: how many were filed at each time. By hour, so that a case with very many reports does not rewrite
 * all of their times with each.
 */
type HourTimes = Readonly<Record<string, number>>;

const hourOf = (time: string): string => time.slice(0, 13);
export const openHourKey = (reason: string, time: string): string => `open/${reason}/${hourOf(time)}`;

export type OpenReasons = Readonly<Record<string, OpenReason>>;

/** A report of the reason is open from now on. */
export function addOpen(rows: CaseRows, reasons: OpenReasons, reason: string, filedAt: string): OpenReasons {
  changeHour(rows, reason, filedAt, 1);
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
  changeHour(rows, reason, filedAt, -1);
  const { count, hours, first, last } = reasons[reason]!;
  if (count === 1) return withReason(reasons, reason, undefined);
  const left = changed(hours, hourOf(filedAt), -1);
  const names = Object.keys(left);
  return withReason(reasons, reason, {
    count: count - 1,
    first: filedAt > first ? first : timesOf(rows, reason, names[0]!)[0]!,
    last: filedAt < last ? last : timesOf(rows, reason, names.at(-1)!).at(-1)!,
    hours: left,
  });
}

const timesOf = (rows: CaseRows, reason: string, hour: string): readonly string[] =>
  Object.keys(rows.get<HourTimes>(openHourKey(reason, hour)) ?? {});

function changeHour(rows: CaseRows, reason: string, time: string, by: 1 | -1): void {
  const key = openHourKey(reason, time);
  const times = changed(rows.get<HourTimes>(key) ?? {}, time, by);
  rows.set(key, Object.keys(times).length === 0 ? undefined : times);
}

/** In the order of the names, so that the same set of reports gives the same bytes. */
export function changed(counts: Readonly<Record<string, number>>, name: string, by: number): Readonly<Record<string, number>> {
  const { [name]: before = 0, ...others } = counts;
  if (before + by <= 0) return others;
  return sorted({ ...others, [name]: before + by });
}

function withReason(reasons: OpenReasons, reason: string, now: OpenReason | undefined): OpenReasons {
  const { [reason]: _, ...others } = reasons;
  return now === undefined ? others : sorted({ ...others, [reason]: now });
}

export const sorted = <T>(record: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
