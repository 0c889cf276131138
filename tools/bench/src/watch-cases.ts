import { attachmentRow, caseIdOf } from '@ringside/casework';
import { Views, type Team } from '@ringside/team-kit';
import type { ViewStore } from '@ringside/view-store';

import { findTeam } from './find-team.js';
import { caseServices } from './rows/latency.js';

export interface FiledReport {
  readonly reportId: string;
  readonly game: string;
  readonly subjectId: string;
  readonly reason: string;
}

/** Reads the teams' view stores, as another process beside their services. */
export interface CaseWatch {
  /**
   * Resolves with the time (performance.now) when the report is in the case of a team that captures it; undefined where none does,
   * `never` where it is in none after {@link givenUpMs}.
   */
  seen(report: FiledReport): Promise<number | 'never' | undefined>;
  /** Time between two looks, ms. */
  looks(): readonly number[];
  close(): Promise<void>;
}

export interface WatchOptions {
  /** Opens what a service keeps its views in. */
  readonly open: (service: string) => Promise<ViewStore>;
  readonly services: readonly string[];
  /** Between two looks, in ms; where absent, as often as {@link eagerMs} says. */
  readonly lookMs?: number;
}

/** Looks as often as the event loop turns; one that is late is looked for every millisecond, so as not to take a core away. */
const eagerMs = 20;
export const givenUpMs = 30_000;

export async function watchCases({ open, services, lookMs }: WatchOptions): Promise<CaseWatch> {
  const watched: { readonly team: Team; readonly views: Views; close(): Promise<void> }[] = [];
  for (const service of services) {
    const team = await findTeam(caseServices[service]!);
    if (team === undefined) continue;
    const store = await open(service);
    watched.push({ team, views: await Views.current(store, team.service), close: () => store.close() });
  }
  const looks: number[] = [];
  return {
    looks: () => looks,
    async seen({ reportId, game, subjectId, reason }) {
      const one = watched.find(({ team }) => team.rules.captures(reason));
      if (one === undefined) return undefined;
      const row = attachmentRow(caseIdOf(one.team.rules.team, game, subjectId), reportId);
      const since = performance.now();
      for (let before = since; ;) {
        if ((await one.views.get(row)) !== undefined) return performance.now();
        if (before - since > givenUpMs) return 'never';
        await new Promise<void>((resolve) => {
          if (lookMs === undefined && before - since < eagerMs) setImmediate(resolve);
          else setTimeout(resolve, lookMs ?? 1);
        });
        const now = performance.now();
        looks.push(now - before);
        before = now;
      }
    },
    async close() {
      for (const { close } of watched) await close();
    },
  };
}
