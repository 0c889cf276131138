import { randomBytes } from 'node:crypto';
import type { ReasonOption } from '@ringside/events';
import { arrivals } from './arrivals.js';
import { drive } from './drive.js';
import { expectationOf, sentReport, type Expectation, type SentReport } from './expectation.js';
import { figuresOf, type RunFigures } from './figures.js';
import { generateReports, type GeneratedReport } from './generate-reports.js';
import { createIntakeClient } from './intake-client.js';
import type { Options } from './options.js';
import type { TeamClient } from './team-client.js';
import { watchVisibility } from './visibility.js';

export interface Run {
  readonly figures: RunFigures;
  readonly expectation: Expectation;
}

export interface RunOptions {
  readonly options: Options;
  readonly reasons: readonly ReasonOption[];
  /** A connection to each team that nothing else uses. */
  readonly watched: readonly TeamClient[];
  readonly signal: AbortSignal;
  readonly onProgress: (settled: number, note: string) => void;
}

const visibleMsMax = 30_000;

/** Files the reports, and looks for some of them in their teams' cases. */
export async function runLoad({ options, reasons, watched, signal, onProgress }: RunOptions): Promise<Run> {
  const { seed, rate, connections, idempotency, url } = options;
  const retries = new Map<string, number>();
  const onRetry = (because: string): void => void retries.set(because, (retries.get(because) ?? 0) + 1);
  const deadlineMs = options.deadline * 1_000;
  const intake = createIntakeClient({ url, connections, idempotency, deadlineMs, signal, onRetry });
  const { teamsOf } = expectationOf([], reasons);
  const visibility = watchVisibility({ teams: watched, teamsOf, deadlineMs: visibleMsMax });

  const run = randomBytes(3).toString('hex');
  const sent: SentReport[] = [];
  const startedAt = performance.now();
  const paced = rate !== 'max' && {
    arrivals: arrivals({ seed, perSecond: rate / options.batch, burstSeconds: options.burst }),
  };
  await drive(requestsOf(options, run), { connections, signal, ...paced }, async (reports) => {
    const outcomes = await intake.submit(reports);
    for (const [index, outcome] of outcomes.entries()) {
      sent.push(sentReport(reports[index]!, outcome));
      if (outcome.kind === 'accepted') visibility.offer(reports[index]!, outcome.reportId, outcome.acceptedAt);
    }
    onProgress(sent.length, `${((sent.length * 1_000) / (performance.now() - startedAt)).toFixed(0)}/s`);
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  await intake.close();
  const figures = figuresOf({ run, seed, sent, retries, seconds, visibility: await visibility.figures() });
  return { figures, expectation: expectationOf(sent, reasons) };
}

function* requestsOf({ reports, batch, seed, mix }: Options, run: string): Generator<readonly GeneratedReport[]> {
  const stream = generateReports({ seed, run, startedAt: Date.now(), mix });
  for (let left = reports; left > 0; left -= batch) {
    yield Array.from({ length: Math.min(batch, left) }, () => stream.next().value);
  }
}
