import { setTimeout as sleep } from 'node:timers/promises';

import { cleanRounds, judgedRounds, type Observed } from '../clean-rounds.js';
import { bytesOnDisk } from '../bytes-on-disk.js';
import { memoryOf, type ProcessMemory } from '../process-memory.js';
import { expectCount, type BenchContext, type BenchRow, type Figure, type RowResult } from '../row.js';
import { servicesThere, startServiceProcess, type ServiceProcess } from '../service-process.js';
import { spreadOf } from '../statistics.js';
import { runWorker } from '../worker-process.js';
import type { HttpLoadInput, HttpLoadResult } from './intake.js';

const intake = 'report-intake';

interface Held {
  readonly name: string;
  readonly memory: ProcessMemory;
}

interface MemoryRound {
  readonly held: readonly Held[];
  readonly bytesPerReport: number;
}

export const memory: BenchRow = {
  name: 'memory',
  title: 'what each service holds when reports have come through all of them',
  run: async (context): Promise<RowResult> => {
    if (!servicesThere().includes(intake)) return { kind: 'skipped', why: `${intake} is not in this workspace` };
    const reports = context.quick ? 2_000 : 30_000;
    const observe = cleanRounds(context);
    const rounds: Observed<MemoryRound>[] = [];
    for (let i = 0; i < Math.min(context.rounds, roundsMax(context)); i++)
      rounds.push(await observe(() => round(context, reports)));
    const judged = judgedRounds(rounds).map(({ result }) => result);
    return {
      kind: 'figures',
      how: `All services side by side on one data directory; ${reports.toLocaleString('en-US')} reports are sent by 64 callers, and the services asked when their backlogs are empty. The heap has garbage in it that was not collected yet; mapped pages are those of files, which the system takes back when it needs them`,
      figures: figuresOf(judged),
      foreignCores: rounds.map(({ foreignCores }) => foreignCores),
    };
  },
};

/** Memory varies little. */
const roundsMax = ({ quick }: BenchContext): number => (quick ? 1 : 5);

async function round({ newDirectory }: BenchContext, reports: number): Promise<MemoryRound> {
  const data = newDirectory();
  const services = await Promise.all(servicesThere().map((name) => startServiceProcess(name, { dataDirectory: data })));
  const { url, pid } = services.find(({ name }) => name === intake)!;
  const load: HttpLoadInput = { url, pid, connections: 64, requests: reports, warmUp: 0 };
  const { accepted } = await runWorker<HttpLoadResult>('http-load', load);
  expectCount('reports accepted', accepted, reports);
  for (const service of services) await withoutBacklog(service);
  const held: Held[] = [];
  for (const service of services) held.push({ name: service.name, memory: await memoryOf(service.pid, service.url) });
  await Promise.all(services.map((service) => service.stop()));
  return { held, bytesPerReport: bytesOnDisk(data) / reports };
}

const backlogMsMax = 120_000;
const lookMs = 250;
const metricsMsMax = 30_000;

/** Until the service says in its metrics that it has caught up with the log. */
async function withoutBacklog({ name, url }: ServiceProcess): Promise<void> {
  for (const deadline = Date.now() + backlogMsMax; ; await sleep(lookMs)) {
    const backlog = backlogIn(
      await (await fetch(new URL('/metrics', url), { signal: AbortSignal.timeout(metricsMsMax) })).text(),
    );
    if (backlog === 0) return;
    if (Date.now() > deadline) throw new Error(`${name} has not caught up after ${backlogMsMax / 1_000} s: ${backlog} events.`);
  }
}

/** Events that wait, over all topics; none where the service hears none. */
export function backlogIn(metrics: string): number {
  return [...metrics.matchAll(/^ringside_subscription_backlog_events\{[^}]*\} (\S+)$/gm)].reduce(
    (sum, [, value]) => sum + Number(value),
    0,
  );
}

function figuresOf(rounds: readonly MemoryRound[]): readonly Figure[] {
  const names = rounds[0]!.held.map(({ name }) => name);
  const figure = (name: string, unit: string, values: readonly number[]): Figure => {
    const { median: value, ...spread } = spreadOf(values);
    return { name, value, unit, ...(values.length > 1 && { spread }) };
  };
  const kinds: readonly (readonly [string, keyof ProcessMemory])[] = [
    ['heap', 'heap'],
    ['anonymous memory', 'anonymous'],
    ['mapped pages', 'mapped'],
  ];
  return [
    ...names.flatMap((name, i) =>
      kinds.map(([what, key]) =>
        figure(
          `${name}: ${what}`,
          'MiB',
          rounds.map(({ held }) => held[i]!.memory[key] / 2 ** 20),
        ),
      ),
    ),
    figure(
      'on disk, log and all views, of each report',
      'bytes',
      rounds.map(({ bytesPerReport }) => bytesPerReport),
    ),
  ];
}
