import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

import { openEventLog } from '@ringside/drivers';
import { reportsTopic } from '@ringside/events';

import { formText } from '../forms.js';
import type { Figures, Verdict } from '../report.js';
import type { Services, Target } from '../services.js';
import { anonymousBytes, megabytes } from '../witness.js';
import { request, talk } from '../wire.js';
import { percentile, type Load, type Tally } from './load.js';

/** How many times its capacity the service is offered. */
const times = 10;
/** p99 of what is accepted under the overload, against that of a single caller. */
const latencyRatioMax = 100;
const memoryBytesMax = 768 * 1024 * 1024;
const recoveryMsMax = 5_000;
/** Of its capacity, what is accepted under the overload. */
const goodputMin = 0.1;

export interface OverloadOptions {
  readonly short: boolean;
  readonly say: (line: string) => void;
}

/** Measures what report-intake can take, offers it ten times of that, and counts what became of it. */
export async function overload(
  { dataDirectory, of }: Services,
  { short, say }: OverloadOptions,
): Promise<{ readonly verdicts: readonly Verdict[]; readonly figures: Figures }> {
  const intake = of('report-intake');
  const bytes = batch();
  await send(intake, bytes, { kind: 'closed', connections: 16, ms: 2_000 });
  const alone = await send(intake, bytes, { kind: 'closed', connections: 1, ms: 3_000 });
  const full = await send(intake, bytes, { kind: 'closed', connections: 32, ms: 5_000 });
  const capacity = (full.accepted * 1_000) / full.ms;
  const perSecond = Math.round(capacity * times);
  say(`report-intake takes ${reports(capacity)} reports/s; it is offered ${reports(perSecond)}/s now`);
  const memoryBefore = anonymousBytes(intake.pid);
  let memoryPeak = memoryBefore;
  const weighing = setInterval(() => (memoryPeak = Math.max(memoryPeak, anonymousBytes(intake.pid))), 50);
  const seconds = short ? 10 : 25;
  const over = await send(intake, bytes, { kind: 'open', perSecond, connections: 1_000, ms: seconds * 1_000 });
  clearInterval(weighing);
  const recoveryMs = await recovered(intake.port, bytes, alone.p99);
  const accepted = [...alone.reportIds, ...full.reportIds, ...over.reportIds];
  const missing = await missingOf(dataDirectory, accepted);
  const offered = over.sent / over.ms / (capacity / 1_000);
  const goodput = (over.accepted * 1_000) / over.ms / capacity;
  const ratio = over.p99 / Math.max(1, alone.p99);
  const sent = `${offered.toFixed(1)} times ${reports(capacity)} reports/s, in batches of ${linesEach}, for ${seconds} s`;
  const verdict = (name: string, came: string, isHeld: boolean, fault: string): Verdict => ({
    ...{ part: 'overload', group: 'overload', name, sent, came, faults: isHeld ? [] : [fault], ms: over.ms },
  });
  const strange = Object.entries(over.others).map(([status, count]) => `${count} x ${status}`);
  return {
    verdicts: [
      verdict(
        'the load itself',
        `${over.sent.toLocaleString('en')} sent of ${over.due.toLocaleString('en')} that were due`,
        offered >= times * 0.9,
        `the client could not offer ${times} times the capacity`,
      ),
      verdict(
        'answers',
        `${over.accepted.toLocaleString('en')} accepted, ${over.putOff.toLocaleString('en')} put off, ${over.broken} broken, ${over.unanswered} unanswered`,
        strange.length === 0 && over.broken === 0 && over.unanswered === 0,
        [...strange, `${over.broken} connections ended without an answer`, `${over.unanswered} unanswered`].join(', '),
      ),
      verdict(
        'what goes on',
        `${Math.round(goodput * 100)} % of the capacity accepted`,
        goodput >= goodputMin,
        `less than ${goodputMin * 100} %`,
      ),
      verdict(
        'latency of the accepted',
        `p50 ${Math.round(over.p50)} ms, p99 ${Math.round(over.p99)} ms: ${Math.round(ratio)} times that of one caller (${alone.p99.toFixed(1)} ms)`,
        ratio <= latencyRatioMax,
        `more than ${latencyRatioMax} times`,
      ),
      verdict(
        'memory',
        `${megabytes(memoryBefore)} MiB before, ${megabytes(memoryPeak)} MiB at the peak`,
        memoryPeak <= memoryBytesMax,
        `more than ${megabytes(memoryBytesMax)} MiB`,
      ),
      verdict(
        'recovery',
        `as fast as before after ${Math.round(recoveryMs)} ms`,
        recoveryMs <= recoveryMsMax,
        `later than ${recoveryMsMax} ms`,
      ),
      verdict(
        'durability',
        `${accepted.length.toLocaleString('en')} reports accepted, ${missing} of them missing in the log`,
        missing === 0,
        `${missing} are missing`,
      ),
    ],
    figures: {
      'capacity in reports/s': Math.round(capacity * linesEach),
      'offered in times': Number(offered.toFixed(1)),
      'batches accepted': over.accepted,
      'batches put off': over.putOff,
      'p99 of one caller in ms': Number(alone.p99.toFixed(1)),
      'p99 under the overload in ms': Math.round(over.p99),
      'memory at its peak in MiB': megabytes(memoryPeak),
      'recovery in ms': Math.round(recoveryMs),
      'accepted and missing': missing,
    },
  };
}

/** Reports in a batch. */
const linesEach = 100;

const reports = (batches: number): string => Math.round(batches * linesEach).toLocaleString('en');

/** As a game server sends it: what it costs the service is many times what it costs to send it. */
const batch = (): Buffer =>
  request('POST /v1/reports:batch', {
    headers: ['Content-Type: application/x-ndjson'],
    body: `${formText('of a game')}\n`.repeat(linesEach),
  });

async function send({ port }: Target, bytes: Buffer, load: Load): Promise<Tally> {
  const child = spawn(
    process.execPath,
    [new URL('load-process.js', import.meta.url).pathname, String(port), JSON.stringify(load)],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const ended = once(child, 'close');
  child.stdin.end(bytes);
  const tally = JSON.parse(await text(child.stdout)) as Tally;
  await ended;
  return tally;
}

/** How long until the first of twenty batches after each other that are taken about as fast as before. */
async function recovered(port: number, bytes: Buffer, usualMs: number): Promise<number> {
  const began = performance.now();
  let latest: { readonly at: number; readonly ms: number }[] = [];
  while (performance.now() - began < 60_000) {
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
