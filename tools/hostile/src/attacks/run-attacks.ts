import { randomBytes } from 'node:crypto';

import type { Attack, Battlefield } from '../attack.js';
import { faultsOfTime, type Figures, type Verdict } from '../report.js';
import type { Services, Target } from '../services.js';
import { megabytes, watch, type Testimony } from '../witness.js';
import { atOnce, inTurn, last } from './all.js';

/** What a client that means no harm may have to wait, on a machine that does other things as well. */
const waitMsMax = 3_000;
/** What a service may grow to, whatever is done to it. */
const memoryBytesMax = 768 * 1024 * 1024;

export interface AttacksOptions {
  readonly short: boolean;
  readonly say: (line: string) => void;
  /** No further attack begins once it is aborted. */
  readonly signal: AbortSignal;
}

/** All attacks, with a client that means no harm beside them, and a look at the logs afterwards. Rejects once `signal` is aborted. */
export async function runAttacks(
  services: Services,
  { short, say, signal }: AttacksOptions,
): Promise<{ readonly verdicts: readonly Verdict[]; readonly figures: Figures }> {
  const intake = services.of('report-intake');
  const team = services.targets.find((target) => target.team !== undefined)!;
  const canary = `canary-${randomBytes(8).toString('hex')}`;
  const at: Battlefield = { intake, team, token: await services.token(['case_worker', 'lead']), canary };
  const verdicts: Verdict[] = [];
  const fight = (attack: Attack): Promise<Verdict> => {
    signal.throwIfAborted();
    return verdictOf(attack, at);
  };
  const witness = watch(intake, signal);
  say(`${inTurn.length} attacks one after the other`);
  for (const attack of inTurn) verdicts.push(await fight(attack));
  say(`${atOnce.length} slow attacks at once`);
  verdicts.push(...(await Promise.all(atOnce.map(fight))));
  const testimony = await witness.testify();
  verdicts.push(ofWitness(testimony, short), ofMemory(testimony));
  verdicts.push(await fight(last));
  verdicts.push(ofLogs([intake, team], canary));
  return {
    verdicts,
    figures: {
      'requests beside the attacks': testimony.requests,
      'the slowest in ms': Math.round(testimony.slowestMs),
      'memory before in MiB': megabytes(testimony.memoryBefore),
      'at its peak in MiB': megabytes(testimony.memoryPeak),
    },
  };
}

async function verdictOf(attack: Attack, at: Battlefield): Promise<Verdict> {
  const { group, name, sent } = attack;
  const began = performance.now();
  const outcome = await attack.run(at).catch((error: unknown) => ({
    came: 'nothing',
    faults: [`the attack itself failed: ${error instanceof Error ? error.message : String(error)}`],
  }));
  return { part: 'attacks', group, name, sent, ...outcome, ms: performance.now() - began };
}

const whole = (name: string, sent: string, came: string, faults: readonly string[]): Verdict => ({
  ...{ part: 'attacks', group: 'the whole', name, sent, came, faults, ms: 0 },
});

export function ofWitness({ requests, served, putOff, lost, slowestMs }: Testimony, short: boolean): Verdict {
  const { faults: slow, notJudged } = faultsOfTime(slowestMs > waitMsMax ? [`more than ${waitMsMax} ms`] : [], short);
  const faults = [
    ...(served === 0 ? ['none was served'] : []),
    ...(lost > 0 ? [`${lost} were neither served nor put off`] : []),
    ...(putOff > requests / 10 ? [`${putOff} were put off`] : []),
    ...slow,
  ];
  const came = `${served} served, ${putOff} put off, the slowest in ${Math.round(slowestMs)} ms`;
  return { ...whole('a client that means no harm', `${requests} requests meanwhile`, came, faults), notJudged };
}

function ofMemory({ memoryBefore, memoryPeak }: Testimony): Verdict {
  const came = `${megabytes(memoryBefore)} MiB before, ${megabytes(memoryPeak)} MiB at the peak`;
  const faults = memoryPeak > memoryBytesMax ? [`more than ${megabytes(memoryBytesMax)} MiB`] : [];
  return whole('memory', 'all of it', came, faults);
}

function ofLogs(targets: readonly Target[], canary: string): Verdict {
  const faults: string[] = [];
  let lines = 0;
  for (const { name, log } of targets) {
    for (const line of log().split('\n')) {
      if (line === '') continue;
      lines += 1;
      if (line.includes(canary)) faults.push(`${name} has logged what a player wrote: ${line.slice(0, 200)}`);
      const level = /^\{"level":"(error|fatal)"/.exec(line)?.[1];
      if (level !== undefined || !line.startsWith('{')) faults.push(`${name}: ${line.slice(0, 200)}`);
    }
  }
  return whole('logs', 'a word that is in all of it', `${lines} lines at the level debug`, faults.slice(0, 5));
}
