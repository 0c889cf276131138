import { versionsOf, type PeerEntry, type PeerName } from './contestants.js';
import type { Ground } from './ground.js';

const pool = 'a pool of 32 connections';
const tuned =
  'synchronous_commit and fsync on, shared_buffers a quarter of the memory up to 1 GB, no checkpoint during a round';

const appending: Readonly<Record<PeerName, string>> = {
  emmett: `appendToStream, one stream for each report; ${pool}; ${tuned}`,
  'emmett-sql': `appendToStream, one stream for each report; ${pool}; ${tuned}`,
  'nest-cqrs': `a command handler that stores the event and updates the case's row in one transaction, then publishes the event in the process; ${pool}; ${tuned}`,
  bullmq: 'Queue.add, a job for each report; append-only file',
  'postgres-batches': `no library: callers share commits, each one prepared multi-row INSERT from arrays, on four connections; ${tuned}`,
  'ringside-log': "Ringside's embedded log, without its service",
};

const projecting: Readonly<Record<PeerName, string>> = {
  emmett: 'an asynchronous projection, pongoMultiStreamProjection, 500 messages in a transaction',
  'emmett-sql': 'an asynchronous projection by SQL, an upsert for each message, 500 messages in a transaction',
  'nest-cqrs': 'a replay: pages of 500 events, an upsert for each, a transaction for each page',
  bullmq: 'one Worker with 100 jobs at once, which updates the figures of the subject in Redis in one round trip for each job',
  'postgres-batches': '',
  'ringside-log': '',
};

const flushes: Readonly<Record<PeerEntry['server'], string>> = {
  postgres: '',
  'redis-always': ', appendfsync always',
  'redis-everysec': ', appendfsync everysec',
  none: '',
};

const described = (entry: PeerEntry, ground: Ground, what: string): string =>
  `${[versionsOf(entry), ground.serverVersion(entry)].filter((text) => text !== '').join(' on ')}: ${what}${flushes[entry.server]}`;

export const appends = (entry: PeerEntry, ground: Ground): string => described(entry, ground, appending[entry.store]);
export const projects = (entry: PeerEntry, ground: Ground): string => described(entry, ground, projecting[entry.store]);
