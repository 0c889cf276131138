import type { BenchContext, Skipped } from '../row.js';
import type { PeerEntry } from './contestants.js';
import { installPeers } from './install.js';
import { startPostgres, type Postgres } from './postgres.js';
import { redisVersion, startRedis } from './redis.js';
import { ServerMissingError } from './server-process.js';

/** Where one round of a peer happens: what it connects to, and whose CPU time counts beside its own. */
export interface Place {
  readonly url: string;
  readonly servers: readonly number[];
}

export interface Ground {
  /** As in "PostgreSQL 15.18"; empty where there is none. */
  serverVersion(entry: PeerEntry): string;
  /**
   * A place that nobody has used, for the time of `work`: a new database or a new Redis. For PostgreSQL it can be a copy of a
   * database that `fill` has filled; others are filled there and then.
   */
  at<T>(entry: PeerEntry, work: (place: Place) => Promise<T>, fill?: (place: Place) => Promise<unknown>): Promise<T>;
}

let installed: Promise<void> | undefined;

/** Starts what the peers need for the time of one row, and ends it whatever happens. */
export async function onGround<T>(context: BenchContext, work: (ground: Ground) => Promise<T>): Promise<T | Skipped> {
  let postgres: Postgres;
  let redis: string;
  try {
    redis = redisVersion();
    postgres = await startPostgres();
  } catch (error) {
    if (error instanceof ServerMissingError)
      return { kind: 'skipped', why: `${error.message}; on Debian: apt-get install postgresql redis-server` };
    throw error;
  }
  try {
    await (installed ??= installPeers(context.say));
    return await work(groundOn(postgres, redis, context));
  } finally {
    await postgres.stop();
  }
}

function groundOn(postgres: Postgres, redis: string, { newDirectory }: BenchContext): Ground {
  const filled = new Map<string, string>();
  let databases = 0;

  const atDatabase = async <T>(database: string, work: (place: Place) => Promise<T>): Promise<T> =>
    work({ url: `${postgres.url}/${database}`, servers: [postgres.pid] });

  async function filledDatabase(entry: PeerEntry, fill: (place: Place) => Promise<unknown>): Promise<string> {
    const known = filled.get(entry.name);
    if (known !== undefined) return known;
    const database = `filled_${++databases}`;
    await postgres.run(`CREATE DATABASE ${database}`);
    await atDatabase(database, fill);
    filled.set(entry.name, database);
    return database;
  }

  return {
    serverVersion: ({ server }) => (server === 'none' ? '' : server === 'postgres' ? postgres.version : redis),
    async at(entry, work, fill) {
      if (entry.server === 'none') return work({ url: newDirectory(), servers: [] });
      if (entry.server !== 'postgres') {
        const server = await startRedis(entry.server === 'redis-always' ? 'always' : 'everysec');
        const place = { url: server.url, servers: [server.pid] };
        try {
          await fill?.(place);
          return await work(place);
        } finally {
          await server.stop();
        }
      }
      const template = fill === undefined ? 'template1' : await filledDatabase(entry, fill);
      const database = `round_${++databases}`;
      await postgres.run(`CREATE DATABASE ${database} TEMPLATE ${template}`);
      await postgres.run('CHECKPOINT'); // what rounds before it have written is not written during this one
      try {
        return await atDatabase(database, work);
      } finally {
        await postgres.run(`DROP DATABASE ${database} WITH (FORCE)`);
      }
    },
  };
}
