import { machineMs } from '../measurement.js';
import type { RingServers } from '../ring-servers.js';
import { expectCount, type BenchContext, type BenchRow, type Figure, type RowResult, type Skipped } from '../row.js';
import { servicesThere, startServiceProcess, type ServiceProcess } from '../service-process.js';
import { median, percentile } from '../statistics.js';
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

export const latency: BenchRow = {
  name: 'latency',
  title: 'intake and the teams as processes of their own, 500 reports a second',
  run: async (context): Promise<RowResult> => {
    const { quick } = context;
    const result = await fileAndLook(context, { perSecond: 500, seconds: quick ? 8 : 20, sampleEvery: 10 });
    if (result === undefined) return nothingToMeasure;
    return {
      kind: 'figures',
      how: `${howOf(result)}. A look reads the memory map and asks no service`,
      figures: figuresOf(result, { visibleMedianMax: 3 }),
    };
  },
};

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
  { newDirectory, say, profileDirectory }: BenchContext,
  { ring, ...load }: LatencyLoad,
): Promise<LatencyResult | undefined> {
  const there = servicesThere();
  const teams = Object.keys(caseServices).filter((name) => there.includes(name));
  if (!there.includes(intake) || teams.length === 0) return undefined;
  const data = newDirectory();
  const settings = ring && { RINGSIDE_EVENT_LOG: ring.eventLogUrl, RINGSIDE_VIEW_STORE: ring.viewStoreUrl };
  const services: ServiceProcess[] = [];
  for (const name of [intake, ...teams]) {
    services.push(await startServiceProcess(name, { dataDirectory: data, profileDirectory, ...(settings && { settings }) }));
  }
  const views = ring && { viewStoreUrl: ring.viewStoreUrl };
  const input: LatencyInput = { ...load, ...views, url: services[0]!.url, data, teams, warmUpSeconds: 4 };
  const startedAt = machineMs();
  const result = await runWorker<LatencyResult>('latency-load', input);
  say(`${result.sent} reports in ${((machineMs() - startedAt) / 1_000).toFixed(0)} s, ${result.visible.length} looked for`);
  for (const service of services) await service.stop();
  expectCount('reports accepted', result.accepted.length, load.perSecond * load.seconds);
  return result;
}

/** @param aims in ms; without one, its figure has none. */
export function figuresOf(
  { accepted, visible }: LatencyResult,
  { visibleMedianMax }: { readonly visibleMedianMax?: number } = {},
): readonly Figure[] {
  const acceptedP99 = percentile(accepted, 0.99);
  return [
    { name: '202, median', value: median(accepted), unit: 'ms' },
    { name: '202, p99', value: acceptedP99, unit: 'ms' },
    {
      name: "visible in its team's case after the 202, median",
      value: median(visible),
      unit: 'ms',
      ...(visibleMedianMax !== undefined && { aimMax: visibleMedianMax }),
    },
    visibleMedianMax === undefined
      ? { name: 'visible after the 202, p99', value: percentile(visible, 0.99), unit: 'ms' }
      : {
          name: 'visible after the 202, p99 (aim: twice the p99 of the 202)',
          value: percentile(visible, 0.99),
          unit: 'ms',
          aimMax: 2 * acceptedP99,
        },
  ];
}

export const howOf = ({ visible, looks, late }: LatencyResult): string =>
  `Sent on a schedule, whatever the answers do; a 202 is timed from its sending (sent at most ${percentile(late, 0.99).toFixed(1)} ms late, p99). ` +
  `${visible.length} reports were looked for in the view store of a team that captures them, by the process that sends, ` +
  `every ${micros(median(looks))} µs (median; p99 ${micros(percentile(looks, 0.99))} µs): that is the resolution`;

const micros = (ms: number): string => (ms * 1_000).toFixed(0);
