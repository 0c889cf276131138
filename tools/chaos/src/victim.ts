import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { openServiceLog, Supervisor, until, type RestartPolicy, type Service } from '@ringside/service-processes';

import { lastLineOf, withinSeconds } from './within-seconds.js';

/** What can be killed, and comes back. */
export interface Killable {
  readonly name: string;
  /** How long it took to be ready again each time, in ms. */
  readonly awayMs: readonly number[];
  /** The process that it has now; undefined while there is none. */
  pid(): number | undefined;
  signal(signal: NodeJS.Signals): void;
  /** Ends it as a crash does; resolves when it, or the one after it, is ready. Throws where none comes back in time. */
  killUntilBack(): Promise<void>;
}

/** A service as a process that is started again whenever it dies. */
export interface Victim extends Killable {
  /** Whose cases it has; undefined for a service without. */
  readonly team: string | undefined;
  readonly url: string;
  readonly service: Service;
  /** How often it has died. */
  readonly deaths: () => number;
  /** The deaths among these that nobody here has caused, in words. */
  readonly ownDeaths: readonly string[];
  /** Resolves when it answers that it is ready. Throws where it does not in time. */
  untilReady(): Promise<void>;
  /** All it has logged, in all its lives. */
  log(): Promise<string>;
}

export interface Member {
  readonly victim: Victim;
  start(): Promise<void>;
  end(): Promise<void>;
}

export interface MemberSurroundings {
  /** The directory of the log files. */
  readonly logs: string;
  readonly env: NodeJS.ProcessEnv;
  /** Settings of one service alone. */
  readonly envOf?: (service: string) => NodeJS.ProcessEnv;
  /** How long it may take to be ready, or ready again; two minutes where absent. */
  readonly readySecondsMax?: number;
  readonly say: (line: string) => void;
}

/** Nobody is given up here, and nobody waits: that a service which dies often is started more slowly is for people. */
const restarts: RestartPolicy = { deathsMax: Infinity, backoffMsMin: 20, backoffMsMax: 20 };
const readySecondsMaxUsual = 120;

export function memberOf(service: Service, portBase: number, surroundings: MemberSurroundings): Member {
  const { logs, env, envOf, say, readySecondsMax = readySecondsMaxUsual } = surroundings;
  const { name, team } = service;
  const port = portBase + service.portOffset;
  const url = `http://127.0.0.1:${port}`;
  const file = join(logs, `${name}.log`);
  const log = openServiceLog({ name, file, verbose: false, print: () => undefined });
  const [awayMs, ownDeaths]: [number[], string[]] = [[], []];
  const killed = new Set<number | undefined>();
  let deaths = 0;
  const settings = { ...env, ...envOf?.(name), RINGSIDE_PORT: String(port) };
  const supervisor = new Supervisor(
    { service, url, env: settings, log, readyMsMax: readySecondsMax * 1_000 },
    (event) => {
      if (event.kind === 'back') awayMs.push(event.afterMs);
      if (event.kind !== 'died') return;
      deaths++;
      if (killed.has(supervisor.pid)) return; // it is still the one that died
      ownDeaths.push(`${name} died by itself: ${event.how}`);
      say(ownDeaths.at(-1)!);
    },
    restarts,
  );
  const victim: Victim = {
    ...{ name, team, url, service, awayMs, ownDeaths },
    deaths: () => deaths,
    pid: () => supervisor.pid,
    signal(signal) {
      if (signal === 'SIGKILL') killed.add(supervisor.pid);
      signalTo(supervisor.pid, signal);
    },
    killUntilBack() {
      killed.add(supervisor.pid);
      const late = `${name} was killed, and is not ready again after ${readySecondsMax} s.`;
      return withLastLine(file, withinSeconds(readySecondsMax, supervisor.startAgain(), late));
    },
    untilReady: () => withLastLine(file, untilReady(name, url, readySecondsMax)),
    log: () => readFile(file, 'utf8'),
  };
  const end = async (): Promise<void> => {
    // One that is stopped would not hear that it is to end.
    signalTo(supervisor.pid, 'SIGCONT');
    await supervisor.stop();
    await log.close();
  };
  return { victim, start: () => supervisor.start(), end };
}

/** Fails with what the service logged last as well: mostly that is why. */
async function withLastLine(file: string, wait: Promise<void>): Promise<void> {
  try {
    await wait;
  } catch (error) {
    const line = lastLineOf(await readFile(file, 'utf8').catch(() => ''));
    throw new Error(`${(error as Error).message} The last that it logged: ${line ?? 'nothing'}`, { cause: error });
  }
}

export function signalTo(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it is no more, and that is all the same here
  }
}

async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  await answer?.arrayBuffer().catch(() => undefined);
  return answer?.ok === true;
}

async function untilReady(name: string, url: string, readySecondsMax: number): Promise<void> {
  await until(`${name} is ready`, readySecondsMax, async () => ((await isReady(url)) ? true : undefined));
}
