import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { RingPolicy } from '@ringside/data-ring';
import { openViewStore } from '@ringside/drivers';

import { until } from './processes.fixture.js';
import { historiesIn, recordIn, sanctionsIn, type Unreplicated } from './region-loss-record.fixture.js';
import type { Load } from './region-loss-load.fixture.js';
import type { Ledger } from './region-loss.fixture.js';
import { post, request, type Region, type Regions } from './regions.fixture.js';
import {
  expectSameCaseworkViews,
  expectSameDigests,
  expectSameEvents,
  expectSameGlobalViews,
} from './same-in-regions.fixture.js';

export interface Drill {
  readonly regions: Regions;
  readonly policy: RingPolicy;
  readonly load: Load;
  /** Reports that were with the region alone, and are gone with what it had. */
  readonly lost: readonly string[];
}

export interface HistoryFigures {
  readonly supersededSteps: number;
  readonly supersededDecisions: number;
  /** Sanctions that these had imposed. */
  readonly reversed: number;
}

/**
 * Resolves when the regions have told each other everything: also the steps that were stored when the processes died, and that a
 * relay publishes some seconds after they are back.
 */
export async function settleAll(regions: Regions): Promise<void> {
  for (const { name, data, teams } of regions.all) {
    for (const team of teams) {
      const store = await openViewStore('embedded:', { dataDirectory: data, name: team.name });
      try {
        if (!(await store.tables()).includes(intentsTable)) continue;
        await until(`the relay of ${name}/${team.name} has settled what was left`, 60, async () => {
          for await (const _ of store.scan(intentsTable)) return undefined;
          return true;
        });
      } finally {
        await store.close();
      }
    }
  }
  await regions.settle();
}

const intentsTable = 'case_intents';

/** What waits in a region to be looked at: lines of the services' metrics. */
async function parkedIn({ name, services }: Region): Promise<readonly string[]> {
  const lines = await Promise.all(
    services.map(async (service) =>
      (await (await fetch(`${service.url}/metrics`)).text())
        .split('\n')
        .filter((line) => /^ringside_parked_events[{ ]/.test(line) && !/ 0$/.test(line))
        .map((line) => `${name}/${service.name} ${line}`),
    ),
  );
  return lines.flat();
}

/** Logs, digests and views, row for row. */
export async function expectSame({ regions, policy, load: { caseIds } }: Drill): Promise<void> {
  // What waited for an event is tried again within two seconds of its coming, and not before the logs are settled.
  const parked = async (): Promise<readonly string[]> => (await Promise.all(regions.all.map(parkedIn))).flat();
  for (const giveUpAt = performance.now() + 60_000; (await parked()).length > 0 && performance.now() < giveUpAt;)
    await sleep(200);
  expect(await parked()).toEqual([]);
  await expectSameEvents(regions, policy);
  await expectSameDigests(regions);
  const global = await expectSameGlobalViews(regions, policy);
  const casework = await expectSameCaseworkViews(regions, policy, new Map([[regions.region('us'), caseIds]]));
  expect(Math.min(global, casework)).toBeGreaterThan(caseIds.length);
}

/** Every report that anybody was told is taken is in every region. */
export async function expectNothingLost({ regions, load: { ledger }, lost }: Drill): Promise<void> {
  const gone = new Set(lost);
  for (const region of regions.all) {
    const there = new Set([...(await recordIn(region)).values()].map(({ data }) => data.reportId));
    const missing = ledger.reports.filter(({ reportId }) => !there.has(reportId) && !gone.has(reportId));
    expect([region.name, missing]).toEqual([region.name, []]);
  }
}

interface CaseDecisions {
  readonly decisions: readonly { readonly decisionId: string; readonly state: string }[];
}

/**
 * By the steps of the cases of us: one of each version, and none missing on the way back from the last one. What is beside that way
 * is shown as superseded in every region, and imposes nothing; what is in effect does, unless that was taken back.
 */
export async function expectOneHistory({ regions, load: { caseIds } }: Drill, lead: string): Promise<HistoryFigures> {
  const record = await recordIn(regions.region('us'));
  const histories = historiesIn(record, 'cases.us').filter(({ caseId }) => caseIds.includes(caseId));
  expect(histories.flatMap(({ contradictions, gaps }) => [...contradictions, ...gaps])).toEqual([]);
  const sanctions = sanctionsIn(record);
  const figures = { supersededSteps: 0, supersededDecisions: 0, reversed: 0 };
  for (const { caseId, superseded } of histories) {
    const ofNoEffect = new Set(superseded.map(({ id }) => id));
    const decided = superseded.flatMap(({ data }) => (data.decision === undefined ? [] : [data.decision.decisionId]));
    for (const { name, urlOf } of regions.all) {
      const { body } = await request<CaseDecisions>(`${urlOf('cheating-team')}/v1/cases/${caseId}`, lead);
      const withoutEffect = body.decisions.filter(({ state }) => state === 'superseded').map(({ decisionId }) => decisionId);
      expect([name, caseId, [...withoutEffect].sort()]).toEqual([name, caseId, [...decided].sort()]);
      for (const { decisionId, state } of body.decisions) {
        const reversals = sanctions.get(decisionId) ?? [];
        // What a superseded step took back stays so: game servers have acted on it.
        const mayNotBe =
          state === 'in_effect'
            ? reversals.flat().filter((by) => !ofNoEffect.has(by))
            : reversals.filter((by) => by.length === 0);
        expect([decisionId, state, mayNotBe]).toEqual([decisionId, state, []]);
      }
    }
    figures.supersededSteps += superseded.length;
    figures.supersededDecisions += decided.length;
    figures.reversed += decided.flatMap((id) => sanctions.get(id) ?? []).length;
  }
  return figures;
}

/** Fetches until there is nothing more to fetch; answers with how many events came. */
export async function fetchMissing(regions: Regions, region: Region): Promise<number> {
  interface Repaired {
    readonly peers: readonly {
      readonly problem: string | null;
      readonly topics: readonly { readonly missingHere: number; readonly restored: number }[];
    }[];
  }
  const token = await regions.tokenOf({ sub: 'pat', roles: ['platform'] });
  let fetched = 0;
  await until(`${region.name} has what the others have`, 60, async () => {
    const { body } = await post<Repaired>(`${region.urlOf('platform')}/v1/ring/repair`, token, {});
    const topics = body.peers.flatMap((peer) => peer.topics);
    fetched += topics.reduce((sum, { restored }) => sum + restored, 0);
    const isAll = body.peers.every(({ problem }) => problem === null) && topics.every(({ missingHere }) => missingHere === 0);
    return isAll ? true : undefined;
  });
  return fetched;
}

/** Logs and digests, where not all teams run. */
export async function expectSameLogs({ regions, policy }: Drill): Promise<void> {
  await until('the links have brought everything', 60, async () =>
    (await regions.links()).every(({ backlog }) => backlog === 0) ? true : undefined,
  );
  await expectSameEvents(regions, policy);
  await expectSameDigests(regions);
}

/** Who works the cases of a home, as a region knows it. */
export async function servedBy(regions: Regions, region: Region, home: string): Promise<string | undefined> {
  const token = await regions.tokenOf({ sub: 'pat', roles: ['platform'] });
  const url = `${region.urlOf('platform')}/v1/ring/terms`;
  const { body } = await request<{ items: readonly { home: string; servedBy: string }[] }>(url, token);
  return body.items.find((one) => one.home === home)?.servedBy;
}

/** A row of the table. Times in seconds. */
export interface Figures {
  readonly case: string;
  readonly rtoLoss: number;
  readonly rtoCommand: number;
  readonly unreplicated: Unreplicated;
  readonly started: number;
  readonly reconcile: number;
  readonly back: number;
  readonly fetched: number;
  readonly history: HistoryFigures;
  readonly ledger: Ledger;
}

export function tableOf(rows: readonly Figures[]): string {
  const lines = rows.map(({ unreplicated, history, ledger, ...row }) => [
    ...[row.case, `${row.rtoLoss} s`, `${row.rtoCommand} s`],
    `${unreplicated.reports.length} / ${unreplicated.decisions.length} / ${unreplicated.events}`,
    ...[`${unreplicated.oldestMs} ms`, `${row.started} s`, `${row.reconcile} s`, `${row.back} s`, row.fetched],
    `${history.supersededSteps} / ${history.supersededDecisions} / ${history.reversed}`,
    `${ledger.reports.length} / ${ledger.commands.length}`,
    `${ledger.told.redirected} / ${ledger.told.incomplete} / ${ledger.commands.filter(({ kind }) => kind === 'go-on').length}`,
  ]);
  const head = [
    ...['drill', 'RTO from the loss', 'from the command', 'not replicated: reports / decisions / events', 'oldest'],
    ...['started', 'reconciled', 'given back', 'fetched', 'superseded: steps / decisions / sanctions'],
    ...['taken: reports / commands', 'told: 421 / 503 / go-on'],
  ];
  const line = (cells: readonly unknown[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...lines.map(line)].join('\n');
}
