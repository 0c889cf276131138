import { cleanRounds, judgedRounds } from '../clean-rounds.js';
import type { Plot } from '../plot.js';
import { memoryOf, type ProcessMemory } from '../process-memory.js';
import type { BenchContext, BenchRow, Figure, RowResult } from '../row.js';
import { servicesThere, startServiceProcess, tokenFor } from '../service-process.js';
import { spreadOf } from '../statistics.js';
import { runWorker } from '../worker-process.js';
import { growingService, growingTeam, inWords, sitesOf, type Site } from './sites.js';

/** What is asked; the first one does nothing, on the same server. */
export const queryKinds = ['no-op', 'cases by priority', 'oldest cases', 'newest cases', 'one case', 'dossier'] as const;
export type QueryKind = (typeof queryKinds)[number];

export interface QueryInput extends Pick<Site, 'reports' | 'reasons'> {
  readonly url: string;
  readonly token: string;
  /** Of each kind, in turn. */
  readonly requests: number;
  readonly warmUp: number;
}

/** Milliseconds from a request's sending to its answer. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

export type QueryResult = Readonly<Record<QueryKind, Latency>>;

interface Asked {
  readonly latency: QueryResult;
  /** Of the service, when it has answered. */
  readonly memory: ProcessMemory;
}

interface QueryRound {
  readonly foreignCores: number;
  /** In the order of the sites. */
  readonly asked: readonly Asked[];
}

const growthRatioMax = 1.5;
const noOpRatioMax = 1.5;
const memoryRatioMax = 1.5;
const memoryFrom = 100_000;

export const queries: BenchRow = {
  name: 'queries',
  title: `reads of ${growingService} over HTTP, with few and with many reports in its views`,
  atSizes: true,
  run: async (context): Promise<RowResult> => {
    if (!servicesThere().includes(growingService)) {
      return { kind: 'skipped', why: `${growingService} is not in this workspace` };
    }
    const { sites, remarks } = await sitesOf(context);
    const rounds = await askingRounds(context, sites);
    const judged = judgedRounds(rounds);
    return {
      kind: 'figures',
      how: [
        `The service in a fresh process for each size and round, and one connection that asks for each kind in turn, ${requestsOf(context).requests} times: pages of 50 cases, cases and players that reports are about, and GET /health/live, which does nothing. Every answer is looked at: its status, and that a page is full`,
        ...remarks,
      ].join('. '),
      figures: [
        ...sites.flatMap((site, i) =>
          figuresOf(
            site,
            judged.map(({ asked }) => asked[i]!),
          ),
        ),
        ...growthOf(sites, judged),
      ],
      atIs: 'reports',
      foreignCores: rounds.map(({ foreignCores }) => foreignCores),
      plots: plotsOf(sites, judged),
    };
  },
};

const requestsOf = ({ quick }: BenchContext): Pick<QueryInput, 'requests' | 'warmUp'> =>
  quick ? { requests: 100, warmUp: 50 } : { requests: 1_000, warmUp: 400 };

async function askingRounds(context: BenchContext, sites: readonly Site[]): Promise<readonly QueryRound[]> {
  const observe = cleanRounds(context);
  const token = await tokenFor({ sub: 'bench-reader', teams: [growingTeam], roles: ['case_worker'] });
  const rounds: QueryRound[] = [];
  for (let i = 0; i < context.rounds; i++) {
    const { result: asked, foreignCores } = await observe(async () => {
      const all: Asked[] = [];
      for (const { data, reports, reasons } of sites) {
        const service = await startServiceProcess(growingService, { ...context, dataDirectory: data });
        const input: QueryInput = { url: service.url, token, reports, reasons, ...requestsOf(context) };
        const latency = await runWorker<QueryResult>('query-load', input);
        const memory = await memoryOf(service.pid, service.url);
        await service.stop();
        all.push({ latency, memory });
      }
      return all;
    });
    rounds.push({ foreignCores, asked });
    const sketch = sites.map(
      ({ reports }, at) => `${inWords(reports)}: ${asked[at]!.latency['cases by priority'].p99.toFixed(2)} ms`,
    );
    context.say(`round ${i + 1} of ${context.rounds}: p99 of the list by priority at ${sketch.join(', ')}`);
  }
  return rounds;
}

const mebibytes = (bytes: number): number => bytes / 2 ** 20;

function figuresOf({ reports }: Site, asked: readonly Asked[]): readonly Figure[] {
  const figure = (name: string, unit: string, of: (one: Asked) => number, aimMax?: number): Figure => {
    const { median: value, min, max } = spreadOf(asked.map(of));
    const named = { name, at: reports, value, unit, spread: { min, max } };
    return aimMax === undefined ? named : { ...named, aimMax };
  };
  const p50ByNoOp = ({ latency }: Asked): number => latency['one case'].p50 / latency['no-op'].p50;
  return [
    ...queryKinds.flatMap((kind) => [
      figure(`${kind}, p50`, 'ms', ({ latency }) => latency[kind].p50),
      figure(`${kind}, p99`, 'ms', ({ latency }) => latency[kind].p99),
    ]),
    figure('one case by the no-op, p50', '×', p50ByNoOp, noOpRatioMax),
    figure('heap of the service', 'MiB', ({ memory }) => mebibytes(memory.heap)),
    figure('anonymous memory of the service', 'MiB', ({ memory }) => mebibytes(memory.anonymous)),
    figure('mapped pages of the service', 'MiB', ({ memory }) => mebibytes(memory.mapped)),
  ];
}

/** How much more it is at the largest size than at a smaller one, round by round. */
function growthOf(sites: readonly Site[], rounds: readonly QueryRound[]): readonly Figure[] {
  const largest = sites.length - 1;
  const ratio = (
    name: string,
    from: number,
    { of, aimMax }: { of: (one: Asked) => number; aimMax: number },
  ): readonly Figure[] => {
    if (from === largest) return [];
    const { median: value, min, max } = spreadOf(rounds.map(({ asked }) => of(asked[largest]!) / of(asked[from]!)));
    const sizes = `at ${inWords(sites[largest]!.reports)} by that at ${inWords(sites[from]!.reports)}`;
    return [{ name: `${name} ${sizes}`, value, unit: '×', spread: { min, max }, aimMax }];
  };
  const fromMemory = Math.max(
    0,
    sites.findIndex(({ reports }) => reports >= memoryFrom),
  );
  const kinds = queryKinds.filter((kind) => kind !== 'no-op');
  return [
    ...kinds.flatMap((kind) => ratio(`${kind}, p99,`, 0, { of: ({ latency }) => latency[kind].p99, aimMax: growthRatioMax })),
    ...ratio('anonymous memory of the service', fromMemory, { of: ({ memory }) => memory.anonymous, aimMax: memoryRatioMax }),
  ];
}

function plotsOf(sites: readonly Site[], rounds: readonly QueryRound[]): readonly Plot[] {
  const x = { label: 'reports', values: sites.map(({ reports }) => reports), log: true };
  return (['p50', 'p99'] as const).map((which) => ({
    title: `Queries over HTTP, ${which}`,
    x,
    y: { label: 'ms' },
    lines: queryKinds.map((kind) => ({
      name: kind,
      values: sites.map((_, i) => spreadOf(rounds.map(({ asked }) => asked[i]!.latency[kind][which])).median),
    })),
  }));
}
