import { isoTime } from '@ringside/core';
import { caseTables, type CaseRules } from '@ringside/casework';

import type { Views } from './views.js';

export interface QueueFigures {
  readonly team: string;
  readonly openCases: number;
  /** Reports captured in the last `hours` full hours and the one under way. */
  readonly captured: number;
  readonly reasons: readonly {
    readonly reason: string;
    readonly captured: number;
    readonly hourly: readonly { readonly hour: string; readonly captured: number }[];
  }[];
}

/** Queue figures per reason and hour (UTC), for the `hours` hours up to and including that of `now`. */
export async function queueFigures(views: Views, rules: CaseRules, now: number, hours: number): Promise<QueueFigures> {
  const first = isoTime(now - (hours - 1) * 3_600_000).slice(0, 13);
  const days = [...new Set(Array.from({ length: hours }, (_, i) => isoTime(now - i * 3_600_000).slice(0, 10)))].sort();
  const byReason = new Map<string, { hour: string; captured: number }[]>();
  for (const day of days) {
    for (const [key, { captured = 0 }] of [...(await views.figures(caseTables.figures, day))].sort()) {
      const [hourOfDay, reason] = key.split('/') as [string, string];
      const hour = `${day}T${hourOfDay}`;
      if (hour < first) continue;
      byReason.set(reason, [...(byReason.get(reason) ?? []), { hour: `${hour}:00:00.000Z`, captured }]);
    }
  }
  const open = await views.figures(caseTables.figures, 'open');
  const reasons = [...byReason]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([reason, hourly]) => ({ reason, captured: hourly.reduce((sum, one) => sum + one.captured, 0), hourly }));
  return {
    team: rules.team,
    openCases: open.get('cases')?.['open'] ?? 0,
    captured: reasons.reduce((sum, one) => sum + one.captured, 0),
    reasons,
  };
}
