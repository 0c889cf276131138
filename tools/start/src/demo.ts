import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createIntakeClient, generateReports, inParallel, type GeneratedReport } from '@ringside/loadgen';

export interface DemoOptions {
  readonly intakeUrl: string;
  /** After the first ones. */
  readonly reportsPerSecond?: number;
  readonly signal: AbortSignal;
  /** Told once, where no report gets through any more. */
  readonly onTrouble: (because: string) => void;
}

export interface Demo {
  /** How many reports of the first ones were accepted. */
  readonly accepted: number;
  /** Files further reports until the signal. */
  stream(): Promise<void>;
}

/** So many at once, so that the lists are not empty. */
const firstReports = 40;
/** The published mean of a console network. */
export const demoReportsPerSecond = 2;
const connections = 4;
const deadlineMs = 30_000;

/** Files the first reports, as loadgen makes them. */
export async function startDemo({ intakeUrl, reportsPerSecond, signal, onTrouble }: DemoOptions): Promise<Demo> {
  const run = `demo-${randomBytes(3).toString('hex')}`;
  const reports = generateReports({ seed: run, run, startedAt: Date.now() });
  const intake = createIntakeClient({ url: intakeUrl, connections, idempotency: true, deadlineMs, signal });
  let accepted = 0;
  let inTrouble = false;
  const file = async (report: GeneratedReport): Promise<void> => {
    const [outcome] = await intake.submit([report]);
    const failed = outcome?.kind !== 'accepted';
    if (!failed) accepted += 1;
    else if (!inTrouble && !signal.aborted) onTrouble(outcome?.kind === 'refused' ? outcome.problem : (outcome?.because ?? ''));
    inTrouble = failed;
  };
  const first = Array.from({ length: firstReports }, () => reports.next().value);
  await inParallel(first, connections, file);
  const meanMs = 1_000 / (reportsPerSecond ?? demoReportsPerSecond);
  const stream = async (): Promise<void> => {
    await fileOn(reports, file, { meanMs, signal });
    await intake.close();
  };
  return { accepted, stream };
}

/** About one report each so many ms, as if by chance, until the signal. */
async function fileOn(
  reports: Iterable<GeneratedReport>,
  file: (report: GeneratedReport) => Promise<void>,
  { meanMs, signal }: { readonly meanMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  for (const report of reports) {
    await pause(-Math.log(1 - Math.random()) * meanMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    const filing = file(report).finally(() => underWay.delete(filing));
    underWay.add(filing);
  }
  await Promise.all(underWay);
}
