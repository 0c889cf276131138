import { resolve } from 'node:path';

import { killServer, readRing, restartServer, ringDown, ringUp, serverNames, type ServerName } from '@ringside/ring-tool';

import { signalTo, type Killable } from './victim.js';

/** One region of real servers, which are this run's alone. */
export interface RingServers {
  /** What makes services use them. */
  readonly env: NodeJS.ProcessEnv;
  readonly victims: readonly ServerVictim[];
}

export interface ServerVictim extends Killable {
  readonly name: ServerName;
  /** That it does not run, and nobody here has ended it; undefined where all is as it should be. */
  ownDeath(): string | undefined;
}

export interface RingSurroundings {
  /** Of their data and logs; absolute. */
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
  onEnd(end: () => Promise<void> | void): void;
}

const region = 'local';

interface Place {
  readonly directory: string;
  readonly cacheDirectory: string | undefined;
  readonly javaHome: string | undefined;
  readonly signal: AbortSignal;
}

/** Starts one Pulsar and one Cassandra. They end with the run, and so does what is starting one of them again. */
export async function startRingServers({ directory, env, say, onEnd }: RingSurroundings): Promise<RingServers> {
  const over = new AbortController();
  const cache = env['RINGSIDE_RING_CACHE'] || undefined;
  const place: Place = {
    directory,
    cacheDirectory: cache === undefined ? undefined : resolve(env['INIT_CWD'] ?? process.cwd(), cache),
    javaHome: env['JAVA_HOME'] || undefined,
    signal: over.signal,
  };
  const victims = serverNames.map((server) => victimOf(server, place));
  onEnd(async () => {
    over.abort();
    await Promise.all(victims.map((victim) => victim.settled()));
    for (const line of await ringDown(directory)) say(line);
  });
  const ring = await ringUp({ ...place, report: say }, [region]);
  const { eventLogUrl, viewStoreUrl } = ring.regions.find(({ name }) => name === region)!;
  return {
    env: { RINGSIDE_REGION: region, RINGSIDE_EVENT_LOG: eventLogUrl, RINGSIDE_VIEW_STORE: viewStoreUrl },
    victims,
  };
}

function victimOf(server: ServerName, place: Place): ServerVictim & { settled(): Promise<void> } {
  const awayMs: number[] = [];
  let kills = 0;
  let coming: Promise<unknown> = Promise.resolve();
  const pid = (): number | undefined =>
    readRing(place.directory)
      .regions.flatMap(({ servers }) => servers)
      .find(({ name }) => name === server)?.pid ?? undefined;

  async function backAgain(): Promise<void> {
    const since = performance.now();
    await killServer(place.directory, { region, server });
    // One that is killed while it starts is started once more.
    for (let before = -1; before !== kills && !place.signal.aborted;) {
      before = kills;
      try {
        await restartServer(place, { region, server });
      } catch (error) {
        if (before === kills && !place.signal.aborted) throw error;
      }
    }
    awayMs.push(performance.now() - since);
  }

  return {
    name: server,
    awayMs,
    pid,
    signal(signal) {
      if (signal === 'SIGKILL') kills++;
      signalTo(pid(), signal);
    },
    killUntilBack() {
      kills++;
      const back = backAgain();
      coming = back.catch(() => undefined);
      return back;
    },
    ownDeath: () => (pid() === undefined ? `${server} does not run, and nobody has ended it` : undefined),
    settled: async () => void (await coming),
  };
}
