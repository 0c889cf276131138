import { resolve } from 'node:path';
import { readRing, ringDown, ringUp, type Ring } from '@ringside/ring-tool';

export interface RingUnderServices {
  /** What makes services use it. */
  readonly env: NodeJS.ProcessEnv;
  /** Ends the servers where {@link startRing} has started them all; those that ran before stay. */
  stop(): Promise<void>;
}

export interface RingSurroundings {
  /** As `npm run ring:up` has it. */
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

const regionName = 'local';

/** Starts the servers of one region where they do not run. Throws `StartupError`, and leaves nothing running, where it cannot. */
export async function startRing({ directory, env, print, signal }: RingSurroundings): Promise<RingUnderServices> {
  const ranBefore = serversIn(readRing(directory)) > 0;
  const setting = (name: string): string | undefined => env[name] || undefined;
  const cache = setting('RINGSIDE_RING_CACHE');
  const ring = await ringUp(
    {
      directory,
      cacheDirectory: cache === undefined ? undefined : resolve(env['INIT_CWD'] ?? process.cwd(), cache),
      javaHome: setting('JAVA_HOME'),
      report: print,
      signal,
    },
    [regionName],
  );
  const region = ring.regions.find(({ name }) => name === regionName)!;
  return {
    env: {
      RINGSIDE_REGION: regionName,
      RINGSIDE_EVENT_LOG: region.eventLogUrl,
      RINGSIDE_VIEW_STORE: region.viewStoreUrl,
    },
    stop: async () => {
      if (ranBefore) return print('Pulsar and Cassandra ran before, and go on: npm run ring:down ends them.');
      for (const line of await ringDown(directory)) print(line);
    },
  };
}

const serversIn = ({ regions }: Ring): number =>
  regions.flatMap(({ servers }) => servers.filter(({ pid }) => pid !== null)).length;
