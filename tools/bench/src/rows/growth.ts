import { cpSync, rmSync } from 'node:fs';

import { cleanRounds, judgedRounds } from '../clean-rounds.js';
import { cpuMicrosPerEvent, rateOf, type Measurement } from '../measurement.js';
import type { Plot } from '../plot.js';
import type { ProcessMemory } from '../process-memory.js';
import { expectCount, type BenchContext, type BenchRow, type Figure, type RowResult } from '../row.js';
import { findTeam } from '../find-team.js';
import { spreadOf } from '../statistics.js';
import { runWorker } from '../worker-process.js';
import { grow } from './kept-sites.js';
import { growingTeam, inWords, sitesOf, type Site } from './sites.js';

export interface StepInput extends Pick<Site, 'data' | 'reports' | 'reasons'> {
  /** How many reports earlier rounds have added. */
  readonly before: number;
  /** How many are added and measured, after so many that are not. */
  readonly step: number;
  readonly warmUp: number;
}

export interface StepResult {
  readonly appended: Measurement;
  readonly projected: Measurement;
  /** Of the process that did both, after a collection of garbage. */
  readonly memory: ProcessMemory;
  /** Reports that the views count in the end. */
  readonly captured: number;
}

/** What one more report costs at each size, and what the process that takes it holds. */
interface GrowthRound {
  readonly foreignCores: number;
  /** In the order of the sites. */
  readonly steps: readonly StepResult[];
}

const costRatioMax = 1.2;
const memoryRatioMax = 1.5;
/** Memory is compared from here: below, what a process needs to live outweighs what it holds. */
const memoryFrom = 100_000;
const rebuildOfMillionSecondsMax = 60;

export const growth: BenchRow = {
  name: 'growth',
  title: `what one more report costs, and what is held for it, when there are many already (${growingTeam} team)`,
  atSizes: true,
  run: async (context): Promise<RowResult> => {
    if ((await findTeam(growingTeam)) === undefined) {
      return { kind: 'skipped', why: `the ${growingTeam} team is not in this workspace` };
    }
    const { sites, remarks } = await sitesOf(context);
    const rounds = await stepRounds(context, sites);
    const judged = judgedRounds(rounds);
    return {
      kind: 'figures',
      how: [
        'At each size, in a process of its own: so many reports are on the log and in the views; more are appended by 64 callers, each durable before its answer, and projected as the service does it. Sizes take turns in each round. Memory is that of this process after a collection of garbage; the rebuild is that of empty views from the whole log',
        ...remarks,
      ].join('. '),
      figures: [
        ...sites.flatMap((site, i) =>
          figuresOf(
            site,
            judged.map(({ steps }) => steps[i]!),
          ),
        ),
        ...ratiosOf(sites, judged),
      ],
      atIs: 'reports',
      foreignCores: rounds.map(({ foreignCores }) => foreignCores),
      plots: plotsOf(sites, judged),
    };
  },
};

async function stepRounds(context: BenchContext, sites: readonly Site[]): Promise<readonly GrowthRound[]> {
  const observe = cleanRounds(context);
  const step = context.quick ? 1_000 : 5_000;
  const warmUp = step / 2;
  const rounds: GrowthRound[] = [];
  for (let i = 0; i < context.rounds; i++) {
    const { result: steps, foreignCores } = await observe(async () => {
      const taken: StepResult[] = [];
      for (const site of sites) {
        const { reports, reasons } = site;
        const copy = reports <= copiedMax ? copyOf(site, context) : undefined;
        const before = copy === undefined ? site.added : 0;
        const input: StepInput = { data: copy ?? site.data, reports, reasons, before, step, warmUp };
        const take = async (): Promise<StepResult> => {
          const taken = await runWorker<StepResult>('site-step', input);
          expectCount(`reports in the views of ${inWords(reports)}`, taken.captured, reports + before + warmUp + step);
          return taken;
        };
        const result = copy === undefined ? await grow(site, warmUp + step, take) : await take();
        if (copy !== undefined) rmSync(copy, { recursive: true });
        taken.push(result);
      }
      return taken;
    });
    rounds.push({ foreignCores, steps });
    const sketch = sites.map(({ reports }, at) => `${inWords(reports)}: ${cpuOf(steps[at]!).toFixed(0)} µs CPU`);
    context.say(`round ${i + 1} of ${context.rounds}: ${sketch.join(', ')}`);
  }
  return rounds;
}

/** A small site must not grow by what is measured at it; on a large one that is little. */
const copiedMax = 100_000;

function copyOf({ data }: Site, { newDirectory }: BenchContext): string {
  const copy = newDirectory();
  cpSync(data, copy, { recursive: true });
  return copy;
}

const cpuOf = ({ appended, projected }: StepResult): number => cpuMicrosPerEvent(appended) + cpuMicrosPerEvent(projected);
const microsOf = ({ appended, projected }: StepResult): number => 1e6 / rateOf(appended) + 1e6 / rateOf(projected);
const mebibytes = (bytes: number): number => bytes / 2 ** 20;

function figuresOf(
  { reports, rebuilt, bytesOfLog, bytesOfViews, anonymous, compared }: Site,
  steps: readonly StepResult[],
): readonly Figure[] {
  const at = (name: string, unit: string, values: readonly number[]): Figure => {
    const { median: value, min, max } = spreadOf(values);
    return { name, at: reports, value, unit, ...(values.length > 1 && { spread: { min, max } }) };
  };
  const rebuilding = at('views rebuilt in', 's', [rebuilt.seconds]);
  return [
    at(
      'appended',
      '/s',
      steps.map(({ appended }) => rateOf(appended)),
    ),
    at(
      'projected',
      '/s',
      steps.map(({ projected }) => rateOf(projected)),
    ),
    at('cost of one more, append and projection', 'µs', steps.map(microsOf)),
    at('its processor time', 'µs CPU', steps.map(cpuOf)),
    at(
      'heap',
      'MiB',
      steps.map(({ memory }) => mebibytes(memory.heap)),
    ),
    at(
      'anonymous memory',
      'MiB',
      steps.map(({ memory }) => mebibytes(memory.anonymous)),
    ),
    at(
      'mapped pages of files',
      'MiB',
      steps.map(({ memory }) => mebibytes(memory.mapped)),
    ),
    at('rebuilt', '/s', [rateOf(rebuilt)]),
    reports === 1_000_000 ? { ...rebuilding, aimMax: rebuildOfMillionSecondsMax } : rebuilding,
    ...(compared === null ? [] : [at('rebuilt once more and compared row for row in', 's', [compared])]),
    at('anonymous memory of the rebuild', 'MiB', [mebibytes(anonymous)]),
    at('log on disk, of each report', 'bytes', [bytesOfLog / reports]),
    at('views on disk, of each report', 'bytes', [bytesOfViews / reports]),
  ];
}

/** How much more there is of it at the largest size than at a smaller one, round by round. */
function ratiosOf(sites: readonly Site[], rounds: readonly GrowthRound[]): readonly Figure[] {
  const largest = sites.length - 1;
  const ratio = (
    name: string,
    from: number,
    { of, aimMax }: { of: (step: StepResult) => number; aimMax: number },
  ): readonly Figure[] => {
    if (from === largest) return [];
    const { median: value, min, max } = spreadOf(rounds.map(({ steps }) => of(steps[largest]!) / of(steps[from]!)));
    const sizes = `at ${inWords(sites[largest]!.reports)} by that at ${inWords(sites[from]!.reports)}`;
    return [{ name: `${name} ${sizes}`, value, unit: '×', spread: { min, max }, aimMax }];
  };
  const fromMemory = Math.max(
    0,
    sites.findIndex(({ reports }) => reports >= memoryFrom),
  );
  return [
    ...ratio('cost of one more', 0, { of: microsOf, aimMax: costRatioMax }),
    ...ratio('its processor time', 0, { of: cpuOf, aimMax: costRatioMax }),
    ...ratio('heap', fromMemory, { of: ({ memory }) => memory.heap, aimMax: memoryRatioMax }),
    ...ratio('anonymous memory', fromMemory, { of: ({ memory }) => memory.anonymous, aimMax: memoryRatioMax }),
  ];
}

function plotsOf(sites: readonly Site[], rounds: readonly GrowthRound[]): readonly Plot[] {
  const x = { label: 'reports', values: sites.map(({ reports }) => reports), log: true };
  const line = (name: string, of: (step: StepResult) => number) => ({
    name,
    values: sites.map((_, i) => spreadOf(rounds.map(({ steps }) => of(steps[i]!))).median),
  });
  return [
    {
      title: 'Processor time for one more report',
      x,
      y: { label: 'µs CPU' },
      lines: [
        line('append', ({ appended }) => cpuMicrosPerEvent(appended)),
        line('projection', ({ projected }) => cpuMicrosPerEvent(projected)),
        { name: 'rebuild', values: sites.map(({ rebuilt }) => cpuMicrosPerEvent(rebuilt)) },
      ],
    },
    {
      title: 'Memory of the process that projects',
      x,
      y: { label: 'MiB' },
      lines: [
        line('heap', ({ memory }) => mebibytes(memory.heap)),
        line('anonymous', ({ memory }) => mebibytes(memory.anonymous)),
        line('mapped pages', ({ memory }) => mebibytes(memory.mapped)),
      ],
    },
    {
      title: 'On disk for each report',
      x,
      y: { label: 'bytes' },
      lines: [
        { name: 'log', values: sites.map(({ bytesOfLog, reports }) => bytesOfLog / reports) },
        { name: 'views', values: sites.map(({ bytesOfViews, reports }) => bytesOfViews / reports) },
      ],
    },
  ];
}
