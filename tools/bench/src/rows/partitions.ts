import { cleanRounds, judgedRounds } from '../clean-rounds.js';
import { findTeam } from '../find-team.js';
import { cpuMicrosPerEvent, rateOf, type Measurement } from '../measurement.js';
import type { Plot } from '../plot.js';
import { expectCount, type BenchContext, type BenchRow, type Figure, type RowResult } from '../row.js';
import { median, spreadOf } from '../statistics.js';
import { runWorker } from '../worker-process.js';
import { growingReasons, growingTeam } from './sites.js';

export interface PartitionsInput {
  readonly directory: string;
  readonly partitions: number;
  readonly reasons: readonly string[];
  readonly events: number;
  readonly warmUp: number;
}

export interface PartitionsResult {
  readonly appended: Measurement;
  readonly projected: Measurement;
  /** Reports that the views count in the end. */
  readonly captured: number;
}

interface PartitionsRound {
  readonly foreignCores: number;
  /** In the order of {@link counts}. */
  readonly results: readonly PartitionsResult[];
}

const counts = [1, 8, 64];

export const partitions: BenchRow = {
  name: 'partitions',
  title: `events appended and projected on topics of ${counts.join(', ')} partitions`,
  run: async (context): Promise<RowResult> => {
    if ((await findTeam(growingTeam)) === undefined) {
      return { kind: 'skipped', why: `the ${growingTeam} team is not in this workspace` };
    }
    const rounds = await roundsOf(context);
    const judged = judgedRounds(rounds);
    const of = (at: number): readonly PartitionsResult[] => judged.map(({ results }) => results[at]!);
    return {
      kind: 'figures',
      how: `Reports appended by 64 callers, each durable before its answer, and then projected by one process as the ${growingTeam} team's service does it; a fresh process and fresh files for each number of partitions and each round`,
      figures: counts.flatMap((at, i) => figuresOf(at, of(i))),
      atIs: 'partitions',
      foreignCores: rounds.map(({ foreignCores }) => foreignCores),
      plots: [plotOf(counts.map((_, i) => of(i)))],
    };
  },
};

async function roundsOf(context: BenchContext): Promise<readonly PartitionsRound[]> {
  const observe = cleanRounds(context);
  const events = context.quick ? 1_000 : 6_000;
  const rounds: PartitionsRound[] = [];
  for (let i = 0; i < context.rounds; i++) {
    const { result: results, foreignCores } = await observe(async () => {
      const done: PartitionsResult[] = [];
      for (const count of counts) {
        const input: PartitionsInput = {
          directory: context.newDirectory(),
          partitions: count,
          reasons: growingReasons(),
          events,
          warmUp: events / 4,
        };
        const result = await runWorker<PartitionsResult>('partitions', input);
        expectCount(`reports in the views, with ${count} partitions`, result.captured, input.events + input.warmUp);
        done.push(result);
      }
      return done;
    });
    rounds.push({ foreignCores, results });
    const sketch = counts.map((count, at) => `${count}: ${cpuMicrosPerEvent(results[at]!.projected).toFixed(0)}`);
    context.say(`round ${i + 1} of ${context.rounds}: µs CPU of a projection with ${sketch.join(', ')}`);
  }
  return rounds;
}

function figuresOf(at: number, results: readonly PartitionsResult[]): readonly Figure[] {
  const figure = (name: string, unit: string, of: (result: PartitionsResult) => number): Figure => {
    const { median: value, ...spread } = spreadOf(results.map(of));
    return { name, at, value, unit, spread };
  };
  return [
    figure('appended', '/s', ({ appended }) => rateOf(appended)),
    figure('append', 'µs CPU', ({ appended }) => cpuMicrosPerEvent(appended)),
    figure('projected', '/s', ({ projected }) => rateOf(projected)),
    figure('projection', 'µs CPU', ({ projected }) => cpuMicrosPerEvent(projected)),
  ];
}

const plotOf = (results: readonly (readonly PartitionsResult[])[]): Plot => ({
  title: 'Processor time for one event',
  x: { label: 'partitions', values: counts, log: true },
  y: { label: 'µs CPU' },
  lines: (['appended', 'projected'] as const).map((name) => ({
    name,
    values: results.map((all) => median(all.map((one) => cpuMicrosPerEvent(one[name])))),
  })),
});
