import { cleanRounds, judgedRounds, type Observed } from '../clean-rounds.js';
import { machineMs } from '../measurement.js';
import type { Plot } from '../plot.js';
import type { RingServers } from '../ring-servers.js';
import { expectCount, type BenchContext, type BenchRow, type Figure, type RowResult, type Skipped } from '../row.js';
import { servicesThere, startServiceProcess } from '../service-process.js';
import { median, percentile, spreadOf } from '../statistics.js';
import { givenUpMs } from '../watch-cases.js';
import { runWorker } from '../worker-process.js';

/** Services whose cases are looked at, and the team's name in its library. */
export const caseServices: Readonly<Record<string, string>> = {
  'cheating-team': 'cheating',
  'abuse-team': 'abuse',
  'others-triage': 'triage',
};

export interface LatencyInput {
  readonly url: string;
  readonly data: string;
  /** Where the services' views are; undefined where they are in the data directory. */
  readonly viewStoreUrl?: string;
  /** Services of teams that run. */
  readonly teams: readonly string[];
  readonly perSecond: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** One of so many reports is looked for in its team's case. */
  readonly sampleEvery: number;
}

export interface LatencyResult {
  readonly sent: number;
  /** Of those after the warm-up, answered that there is too much to do. */
  readonly refused: number;
  /** Looked for, and in no case when that was given up. */
  readonly unseen: number;
  /** From the request's sending to its 202, ms. */
  readonly accepted: readonly number[];
  /** From the 202 to the row's being visible in the team's view, ms. */
  readonly visible: readonly number[];
  /** Time between two looks, ms. */
  readonly looks: readonly number[];
  /** How much later than planned a request was sent, ms. */
  readonly late: readonly number[];
}

const intake = 'report-intake';

const visibleMedianMsMax = 3;

export const latency: BenchRow = {
  name: 'latency',
  title: 'from a report to its 202 and to its case, intake and the teams as processes of their own',
  run: async (context): Promise<RowResult> => {
    const { rates, rounds, seconds } = loadOf(context);
    const observe = cleanRounds(context);
    const done: Observed<readonly LatencyResult[]>[] = [];
    for (let i = 0; i < rounds; i++) {
      const round = await observe(() => atEachRate(context, rates, seconds));
      if (round.result.length === 0) return nothingToMeasure;
      done.push(round);
    }
    const judged = judgedRounds(done).map(({ result }) => result);
    const looked = judged.at(-1)!.at(-1)!;
    return {
      kind: 'figures',
      how: `${howOf(looked)} at the highest rate. A look reads the memory map and asks no service. A report that was in no case ${givenUpMs / 1_000} s after its 202 is not among the times`,
      figures: rates.flatMap((perSecond, i) =>
        figuresAt(
          perSecond,
          judged.map((round) => round[i]!),
        ),
      ),
      atIs: 'reports/s',
      foreignCores: done.map(({ foreignCores }) => foreignCores),
      plots: plotsOf(rates, judged),
    };
  },
};

/** A quick run has no time for the highest rate, nor need its machine be able to. */
const loadOf = ({ quick, rounds }: BenchContext) =>
  quick ? { rates: [100, 500], rounds: 1, seconds: 3 } : { rates: [100, 1_000, 5_000], rounds, seconds: 10 };

/** Each in processes and on files of its own. */
async function atEachRate(context: BenchContext, rates: readonly number[], seconds: number): Promise<readonly LatencyResult[]> {
  const results: LatencyResult[] = [];
  for (const perSecond of rates) {
    const sampleEvery = Math.max(1, Math.round(perSecond / lookedForPerSecond));
    const result = await fileAndLook(context, { perSecond, seconds, sampleEvery });
    if (result !== undefined) results.push(result);
  }
  return results;
}

/** So many reports in a second are looked for: more would take a core away. */
const lookedForPerSecond = 50;

/** Of the rounds in which there was something to be timed. */
function figureAt(name: string, at: number, rounds: readonly LatencyResult[], timesOf: TimesOf): readonly Figure[] {
  const timed = rounds.map((round) => timesOf(round)).filter(({ times }) => times.length > 0);
  if (timed.length === 0) return [];
  const { median: value, ...spread } = spreadOf(timed.map(({ times, share }) => percentile(times, share)));
  return [{ name, at, value, unit: 'ms', spread }];
}

type TimesOf = (round: LatencyResult) => { readonly times: readonly number[]; readonly share: number };

function figuresAt(at: number, rounds: readonly LatencyResult[]): readonly Figure[] {
  const share = (of: (round: LatencyResult) => number, name: string): Figure => ({
    name,
    at,
    value: median(rounds.map((round) => (100 * of(round)) / (round.accepted.length + round.refused))),
    unit: '%',
  });
  const visible = figureAt('in its case after the 202, p50', at, rounds, (round) => ({ times: round.visible, share: 0.5 }));
  return [
    ...figureAt('202, p50', at, rounds, ({ accepted }) => ({ times: accepted, share: 0.5 })),
    ...figureAt('202, p99', at, rounds, ({ accepted }) => ({ times: accepted, share: 0.99 })),
    ...(at <= 1_000 ? visible.map((figure) => ({ ...figure, aimMax: visibleMedianMsMax })) : visible),
    ...figureAt('in its case after the 202, p99', at, rounds, (round) => ({ times: round.visible, share: 0.99 })),
    share(({ refused }) => refused, 'refused for too much to do'),
    { ...unseenIn(rounds), at },
  ];
}

/** Over all rounds, not their median: one that never comes is one too many. */
export const unseenIn = (rounds: readonly Pick<LatencyResult, 'unseen'>[]): Figure => ({
  name: `in no case ${givenUpMs / 1_000} s after the 202`,
  value: rounds.reduce((sum, { unseen }) => sum + unseen, 0),
  unit: 'reports',
  aimMax: 0,
});

function plotsOf(rates: readonly number[], rounds: readonly (readonly LatencyResult[])[]): readonly Plot[] {
  const line = (name: string, times: (result: LatencyResult) => readonly number[], share: number) => ({
    name: `${name}, p${share * 100}`,
    values: rates.map((_, i) => {
      const all = rounds.map((round) => times(round[i]!)).filter(({ length }) => length > 0);
      return all.length === 0 ? null : median(all.map((one) => percentile(one, share)));
    }),
  });
  return [
    {
      title: 'From a report to its 202, and from there to its case',
      x: { label: 'reports per second', values: rates, log: true },
      y: { label: 'ms', log: true },
      lines: [
        line('202', ({ accepted }) => accepted, 0.5),
        line('202', ({ accepted }) => accepted, 0.99),
        line('in its case', ({ visible }) => visible, 0.5),
        line('in its case', ({ visible }) => visible, 0.99),
      ],
    },
  ];
}

export const nothingToMeasure: Skipped = {
  kind: 'skipped',
  why: 'it takes report-intake and a team, and the workspace has not both',
};

export interface LatencyLoad extends Pick<LatencyInput, 'perSecond' | 'seconds' | 'sampleEvery'> {
  /** The services run on it. */
  readonly ring?: RingServers;
}

/** Starts intake and the teams, files reports on a schedule and looks for some of them; undefined where services are missing. */
export async function fileAndLook(
  { quick, newDirectory, say, profileDirectory }: BenchContext,
  { ring, ...load }: LatencyLoad,
): Promise<LatencyResult | undefined> {
  const there = servicesThere();
  const teams = Object.keys(caseServices).filter((name) => there.includes(name));
  if (!there.includes(intake) || teams.length === 0) return undefined;
  const data = newDirectory();
  const settings = ring && { RINGSIDE_EVENT_LOG: ring.eventLogUrl, RINGSIDE_VIEW_STORE: ring.viewStoreUrl };
  const options = { dataDirectory: data, profileDirectory, ...(settings && { settings }) };
  const services = await Promise.all([intake, ...teams].map((name) => startServiceProcess(name, options)));
  const views = ring && { viewStoreUrl: ring.viewStoreUrl };
  const input: LatencyInput = { ...load, ...views, url: services[0]!.url, data, teams, warmUpSeconds: quick ? 2 : 4 };
  const startedAt = machineMs();
  const result = await runWorker<LatencyResult>('latency-load', input);
  say(`${result.sent} reports in ${((machineMs() - startedAt) / 1_000).toFixed(0)} s, ${result.visible.length} looked for`);
  await Promise.all(services.map((service) => service.stop()));
  expectCount('reports answered', result.accepted.length + result.refused, load.perSecond * load.seconds);
  if (quick) expectCount(`reports in no case ${givenUpMs / 1_000} s after their 202`, result.unseen, 0);
  return result;
}

export const figuresOf = ({ accepted, visible, unseen }: LatencyResult): readonly Figure[] => [
  { name: '202, median', value: median(accepted), unit: 'ms' },
  { name: '202, p99', value: percentile(accepted, 0.99), unit: 'ms' },
  { name: "visible in its team's case after the 202, median", value: median(visible), unit: 'ms' },
  { name: 'visible after the 202, p99', value: percentile(visible, 0.99), unit: 'ms' },
  unseenIn([{ unseen }]),
];

export const howOf = ({ visible, looks, late }: LatencyResult): string =>
  `Sent on a schedule, whatever the answers do; a 202 is timed from its sending (sent at most ${percentile(late, 0.99).toFixed(1)} ms late, p99). ` +
  `${visible.length} reports were looked for in the view store of a team that captures them, by the process that sends, ` +
  `every ${micros(median(looks))} µs (median; p99 ${micros(percentile(looks, 0.99))} µs): that is the resolution`;

const micros = (ms: number): string => (ms * 1_000).toFixed(0);
