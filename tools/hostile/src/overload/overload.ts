import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

import { openEventLog } from '@ringside/drivers';
import { reportsTopic } from '@ringside/events';

import { formText } from '../forms.js';
import type { Figures, Verdict } from '../report.js';
import type { Services, Target } from '../services.js';
import { anonymousBytes } from '../witness.js';
import { request, talk } from '../wire.js';
import { figuresOf, linesEach, reports, times, verdictsOf } from './judge-overload.js';
import { percentile, type Load, type Tally } from './load.js';

/** Until it is as fast as before, a minute at most. */
const recoveryLookedForMs = 60_000;
/** For the connections, and the patience, of a load. */
const loadMsMore = 60_000;

export interface OverloadOptions {
  readonly short: boolean;
  readonly say: (line: string) => void;
  /** Ends the load. */
  readonly signal: AbortSignal;
}

/** Measures what report-intake can take, offers it ten times of that, and counts what became of it. */
export async function overload(
  { dataDirectory, of }: Services,
  { short, say, signal }: OverloadOptions,
): Promise<{ readonly verdicts: readonly Verdict[]; readonly figures: Figures }> {
  const intake = of('report-intake');
  const bytes = batch();
  const send = (load: Load): Promise<Tally> => sent(intake, bytes, load, signal);
  await send({ kind: 'closed', connections: 16, ms: 2_000 });
  const alone = await send({ kind: 'closed', connections: 1, ms: 3_000 });
  const full = await send({ kind: 'closed', connections: 32, ms: 5_000 });
  if (full.accepted === 0) throw new Error('report-intake took nothing, though nothing had overloaded it yet.');
  const capacity = (full.accepted * 1_000) / full.ms;
  const perSecond = Math.round(capacity * times);
  say(`report-intake takes ${reports(capacity)} reports/s; it is offered ${reports(perSecond)}/s now`);
  const memoryBefore = anonymousBytes(intake.pid);
  let memoryPeak = memoryBefore;
  const weighing = setInterval(() => (memoryPeak = Math.max(memoryPeak, anonymousBytes(intake.pid))), 50);
  const seconds = short ? 10 : 25;
  const over = await send({ kind: 'open', perSecond, connections: 1_000, ms: seconds * 1_000 }).finally(() =>
    clearInterval(weighing),
  );
  const recoveryMs = await recovered(intake.port, bytes, alone.p99);
  const accepted = [...alone.reportIds, ...full.reportIds, ...over.reportIds];
  const missing = await missingOf(dataDirectory, accepted);
  const measured = { capacity, alone, over, memoryBefore, memoryPeak, recoveryMs, accepted: accepted.length, missing, seconds };
  return { verdicts: verdictsOf(measured, short), figures: figuresOf(measured) };
}

/** As a game server sends it: what it costs the service is many times what it costs to send it. */
const batch = (): Buffer =>
  request('POST /v1/reports:batch', {
    headers: ['Content-Type: application/x-ndjson'],
    body: `${formText('of a game')}\n`.repeat(linesEach),
  });

async function sent({ port }: Target, bytes: Buffer, load: Load, signal: AbortSignal): Promise<Tally> {
  const child = spawn(
    process.execPath,
    [new URL('load-process.js', import.meta.url).pathname, String(port), JSON.stringify(load)],
    { stdio: ['pipe', 'pipe', 'inherit'], signal, timeout: load.ms + loadMsMore, killSignal: 'SIGKILL' },
  );
  const ended = once(child, 'close');
  child.stdin.on('error', () => undefined).end(bytes); // a process that is gone is told of by its output
  const [tally] = await Promise.all([text(child.stdout), ended]);
  if (tally === '') throw new Error(`The load was not done within ${(load.ms + loadMsMore) / 1_000} s.`);
  return JSON.parse(tally) as Tally;
}

/** How long until the first of twenty batches after each other that are taken about as fast as before. */
async function recovered(port: number, bytes: Buffer, usualMs: number): Promise<number> {
  const began = performance.now();
  let latest: { readonly at: number; readonly ms: number }[] = [];
  while (performance.now() - began < recoveryLookedForMs) {
    const at = performance.now() - began;
    const { answers, ms } = await talk(port, { send: [bytes], answers: 1, msMax: 5_000 });
    latest = answers[0]?.status === 200 ? [...latest, { at, ms }].slice(-20) : [];
    const isUsual =
      percentile(
        latest.map((one) => one.ms),
        0.5,
      ) <= Math.max(usualMs * 2, 20);
    if (latest.length === 20 && isUsual) return latest[0]!.at;
  }
  return Infinity;
}

/** How many of these reports the log does not have. */
async function missingOf(dataDirectory: string, reportIds: readonly string[]): Promise<number> {
  const missing = new Set(reportIds);
  const log = await openEventLog('embedded:', { dataDirectory });
  try {
    for (let partition = 0; partition < reportsTopic.partitions; partition += 1) {
      for await (const { id } of log.read({ topic: reportsTopic.topic, partition })) missing.delete(id);
    }
  } finally {
    await log.close();
  }
  return missing.size;
}
