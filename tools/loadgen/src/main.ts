import { writeFile } from 'node:fs/promises';
import { reasonsOffered } from './intake-client.js';
import { readerToken } from './reader-token.js';
import { readOptions, type Options } from './options.js';
import { figuresTable, verdictText } from './print-figures.js';
import { showProgress } from './progress.js';
import { runLoad, type Run } from './run.js';
import { createTeamClient, type TeamClient } from './team-client.js';
import { verify, type Verdict } from './verify.js';

/** How long a query of the verification waits for a service that restarts, and for missing reports to come, in ms. */
const patienceMs = 30_000;
const verifyConnections = 8;
const exitInterrupted = 130;

async function main(options: Options): Promise<number> {
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  const reasons = await reasonsOffered(options.url);
  const token = options.token ?? (await readerToken(options.issuer));
  const connect = (connections: number, patience: number): Promise<readonly TeamClient[]> =>
    Promise.all(options.teams.map((url) => createTeamClient({ url, token, connections, patienceMs: patience })));
  const watched = await connect(1, 0);
  console.log(`Filing ${options.reports} reports at ${options.url}, rate ${options.rate}, seed ${options.seed}.`);
  const progress = showProgress('Filing', options.reports);
  const onProgress = (settled: number, note: string): void => progress.update(settled, options.reports, note);
  const run = await runLoad({ options, reasons, watched, signal: interrupted.signal, onProgress });
  progress.stop();
  console.log(figuresTable(run.figures));
  const verdict =
    options.verify && !interrupted.signal.aborted
      ? await verifyRun(run, await connect(verifyConnections, patienceMs))
      : undefined;
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify({ ...run.figures, verdict }, null, 2)}\n`);
  await Promise.all(watched.map((team) => team.close()));
  if (interrupted.signal.aborted) return exitInterrupted;
  return verdict === undefined || verdict.differences.length === 0 ? 0 : 1;
}

async function verifyRun({ expectation }: Run, teams: readonly TeamClient[]): Promise<Verdict> {
  const progress = showProgress('Verifying', expectation.subjects.length * teams.length);
  const notes = { waiting: 'waiting for the teams', checking: 'checking all' };
  const verdict = await verify({
    teams,
    expectation,
    width: verifyConnections * teams.length,
    patienceMs,
    onProgress: (phase, done, total) => progress.update(done, total, notes[phase]),
  });
  progress.stop();
  console.log(
    verdictText(
      verdict,
      teams.map(({ team }) => team),
    ),
  );
  await Promise.all(teams.map((team) => team.close()));
  return verdict;
}

try {
  process.exitCode = await main(readOptions(process.argv, process.env));
} catch (error) {
  console.error(`loadgen: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
