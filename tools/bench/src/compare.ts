import { cleanRounds, judgedRounds, type CleanContext } from './clean-rounds.js';
import { isClean } from './foreign-load.js';
import { cpuMicrosPerEvent, rateOf, type Measurement } from './measurement.js';
import { subjectName, type BenchContext, type Comparison, type Durability, type Other, type Round } from './row.js';
import { spreadOf } from './statistics.js';

/** Runs one round in a process of its own and checks its counts. */
export type RunRound = () => Promise<Measurement>;

/** Someone beside Ringside; of the contest's durability where it says nothing else. */
export interface Contender extends Omit<Other, 'durability'> {
  readonly durability?: Durability;
  readonly run: RunRound;
}

export interface Contest {
  readonly subjectIs: string;
  readonly subject: RunRound;
  /** Of what the subject writes. Flushed before the answer where this says nothing else. */
  readonly durability?: Durability;
  /** What is counted; events where this says nothing else. */
  readonly counted?: string;
  readonly others: readonly Contender[];
}

/** A contest with the bare loop beneath alone. */
export interface FloorContest extends Omit<Contest, 'others'> {
  readonly floorIs: string;
  readonly aimRatioMin: number;
  readonly floor: RunRound;
}

export type CompareContext = Pick<BenchContext, 'rounds'> & CleanContext;

export const compare = (
  { floor, floorIs, aimRatioMin, ...contest }: FloorContest,
  context: CompareContext,
): Promise<Comparison> =>
  compareAll({ ...contest, others: [{ name: 'bare', role: 'floor', is: floorIs, aimRatioMin, run: floor }] }, context);

/** Runs the rounds; who is first goes round in turn, so that whatever drifts meets all alike. */
export async function compareAll(contest: Contest, context: CompareContext): Promise<Comparison> {
  const { subjectIs, subject, durability = 'flushed', counted = 'events' } = contest;
  const contestants = [...contest.others.map(({ name, run }) => ({ name, run })), { name: subjectName, run: subject }];
  const observe = cleanRounds(context);
  const rounds: Round[] = [];
  for (let i = 0; i < context.rounds; i++) {
    const first = i % contestants.length;
    const inOrder = [...contestants.slice(first), ...contestants.slice(0, first)];
    const { result: measurements, foreignCores } = await observe(async () => {
      const measured: Record<string, Measurement> = {};
      for (const { name, run } of inOrder) measured[name] = await run();
      return measured;
    });
    const round = { order: inOrder.map(({ name }) => name), foreignCores, measurements };
    rounds.push(round);
    context.say(`round ${i + 1} of ${context.rounds}: ${sketch(round)}`);
  }
  const judged = judgedRounds(rounds);
  const others = contest.others.map(({ run: _, ...other }) => ({
    durability,
    ...other,
    ratio: spreadOf(judged.map((round) => ratioIn(round, other.name))),
    cpuRatio: spreadOf(judged.map((round) => cpuRatioIn(round, other.name))),
  }));
  return { kind: 'comparison', subjectIs, durability, counted, others, rounds };
}

/** Ringside's rate in a round by that of another. */
export const ratioIn = ({ measurements }: Round, other: string): number =>
  rateOf(measurements[subjectName]!) / rateOf(measurements[other]!);

const cpuRatioIn = ({ measurements }: Round, other: string): number =>
  cpuMicrosPerEvent(measurements[other]!) / cpuMicrosPerEvent(measurements[subjectName]!);

const sketch = ({ order, measurements, foreignCores }: Round): string =>
  [
    ...order.map((name) => `${name} ${rateText(measurements[name]!)}`),
    ...(isClean(foreignCores) ? [] : [`not clean: others took ${foreignCores.toFixed(2)} cores`]),
  ].join(', ');

const rateText = (measurement: Measurement): string =>
  `${Math.round(rateOf(measurement)).toLocaleString('en-US')}/s (${cpuMicrosPerEvent(measurement).toFixed(0)} µs CPU)`;
