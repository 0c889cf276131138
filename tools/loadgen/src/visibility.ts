import { setTimeout as pause } from 'node:timers/promises';
import type { GeneratedReport } from './generate-reports.js';
import type { TeamClient } from './team-client.js';

/** How long reports took from their 202 until their team's case showed them. */
export interface VisibilityFigures {
  /** In ms, one for each report looked for. */
  readonly delaysMs: readonly number[];
  /** Reports that did not show in time, or that could not be looked for. */
  readonly notSeen: number;
  /** Half of all looks took at most this long, in ms: no delay is known better than to one look and the pause before it. */
  readonly lookMsMedian: number;
}

export interface Visibility {
  /** A report that has just got its 202. Looked for where its team's connection is free, and passed over otherwise. */
  offer(report: GeneratedReport, reportId: string, acceptedAt: number): void;
  /** Resolves when no report is looked for any more. */
  figures(): Promise<VisibilityFigures>;
}

export interface VisibilityOptions {
  /** One connection each, used for nothing else. */
  readonly teams: readonly TeamClient[];
  readonly teamsOf: (reason: string) => readonly string[];
  /** Looking ends for a report that has not shown by then, in ms. */
  readonly deadlineMs: number;
}

/** Looks at a case come this long after each other, in ms. */
const lookEveryMs = 1;
/** A team's cases are looked at for one report in this time, in ms, so that looking is no load of its own. */
const sampleEveryMs = 50;
/** Only cases this small are looked at: a look reads all of their reports. */
const reportsInCaseMax = 20;

interface Watch {
  readonly team: TeamClient;
  freeAt: number;
  readonly caseIds: Map<string, string>;
}

export function watchVisibility({ teams, teamsOf, deadlineMs }: VisibilityOptions): Visibility {
  const watches = new Map<string, Watch>(teams.map((team) => [team.team, { team, freeAt: 0, caseIds: new Map() }]));
  const inCase = new Map<string, number>();
  const delaysMs: number[] = [];
  const looksMs: number[] = [];
  const underWay = new Set<Promise<void>>();
  let notSeen = 0;

  const look = async (watch: Watch, { form }: GeneratedReport, reportId: string): Promise<boolean> => {
    const { subjectId, game } = form;
    const name = `${game} ${subjectId}`;
    const caseId =
      watch.caseIds.get(name) ?? (await watch.team.casesAbout(subjectId)).find((file) => file.game === game)?.caseId;
    if (caseId === undefined) return false;
    watch.caseIds.set(name, caseId);
    return (await watch.team.reportsOf(caseId)).some((report) => report.reportId === reportId);
  };

  const follow = async (watch: Watch, report: GeneratedReport, reportId: string, acceptedAt: number): Promise<void> => {
    watch.freeAt = Infinity;
    try {
      for (;;) {
        const lookedAt = performance.now();
        const seen = await look(watch, report, reportId);
        const now = performance.now();
        looksMs.push(now - lookedAt);
        if (seen) return void delaysMs.push(now - acceptedAt);
        if (now - acceptedAt > deadlineMs) break;
        await pause(lookEveryMs);
      }
      notSeen += 1;
    } catch {
      notSeen += 1; // its service is away: that is no figure of the way there
    } finally {
      watch.freeAt = performance.now() + sampleEveryMs;
    }
  };

  return {
    offer(report, reportId, acceptedAt) {
      const { subjectId, game, reason } = report.form;
      for (const team of teamsOf(reason)) {
        const name = `${team} ${game} ${subjectId}`;
        const reports = (inCase.get(name) ?? 0) + 1;
        inCase.set(name, reports);
        const watch = watches.get(team);
        if (watch === undefined || reports > reportsInCaseMax || performance.now() < watch.freeAt) continue;
        const following = follow(watch, report, reportId, acceptedAt).finally(() => underWay.delete(following));
        underWay.add(following);
      }
    },
    async figures() {
      while (underWay.size > 0) await Promise.all(underWay);
      looksMs.sort((a, b) => a - b);
      return { delaysMs, notSeen, lookMsMedian: looksMs[looksMs.length >> 1] ?? 0 };
    },
  };
}
