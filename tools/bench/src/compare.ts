import { cpuMicrosPerEvent, rateOf, type Measurement } from './measurement.js';
import type { BenchContext, Comparison, Round } from './row.js';
import { spreadOf } from './statistics.js';

/** Floor and subject. Each call runs one round in a process of its own and checks its counts. */
export interface Contest {
  readonly floorIs: string;
  readonly subjectIs: string;
  readonly aimRatioMin: number;
  readonly floor: () => Promise<Measurement>;
  readonly subject: () => Promise<Measurement>;
}

/** Runs the rounds; who is first alternates, so that whatever drifts meets both alike. */
export async function compare(
  { floor, subject, ...contest }: Contest,
  { rounds, say }: Pick<BenchContext, 'rounds' | 'say'>,
): Promise<Comparison> {
  const done: Round[] = [];
  for (let i = 0; i < rounds; i++) {
    const first = i % 2 === 0 ? 'floor' : 'subject';
    const round = first === 'floor' ? await inOrder(floor, subject) : (await inOrder(subject, floor)).reverse();
    const [ofFloor, ofSubject] = round as [Measurement, Measurement];
    const ratio = rateOf(ofSubject) / rateOf(ofFloor);
    done.push({ first, floor: ofFloor, subject: ofSubject, ratio });
    say(`round ${i + 1} of ${rounds}: floor ${sketch(ofFloor)}, subject ${sketch(ofSubject)}, ratio ${ratio.toFixed(2)}`);
  }
  return { kind: 'comparison', ...contest, rounds: done, ratio: spreadOf(done.map(({ ratio }) => ratio)) };
}

async function inOrder(...runs: readonly (() => Promise<Measurement>)[]): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const run of runs) measurements.push(await run());
  return measurements;
}

const sketch = (measurement: Measurement): string =>
  `${Math.round(rateOf(measurement)).toLocaleString('en-US')}/s (${cpuMicrosPerEvent(measurement).toFixed(0)} µs CPU)`;
