import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

import type { Durability } from '../row.js';
import { peersFolder, versionOf } from './install.js';

export type PeerName = 'emmett' | 'emmett-sql' | 'nest-cqrs' | 'bullmq' | 'postgres-batches' | 'ringside-log';

/** What each of the peers' workers is told. */
export interface PeerInput {
  readonly store: PeerName;
  readonly url: string;
  /** Its server, whose CPU time counts; none where it is a library alone. */
  readonly servers: readonly number[];
}

export interface PeerAppendInput extends PeerInput {
  readonly callers: number;
  readonly events: number;
  /** Done before the measurement. */
  readonly warmUp: number;
}

export type PeerIntakeInput = PeerInput;

export interface PeerFillingInput extends PeerInput {
  readonly events: number;
}

export interface PeerProjectionInput extends PeerInput {
  readonly events: number;
  /** Others that are there too, and are projected before the measurement. */
  readonly warmUp: number;
  /** Measure not the first projection but the one anew after it. */
  readonly rebuilds: boolean;
}

/** A worker of the peers by its name. */
export const peerWorker = (name: string): URL => pathToFileURL(join(peersFolder, 'dist', 'workers', `${name}.js`));

/** One that takes part in the rows: where its data is, and when that is on disk. */
export interface PeerEntry {
  /** In the table. */
  readonly name: string;
  readonly store: PeerName;
  readonly server: 'postgres' | 'redis-always' | 'redis-everysec' | 'none';
  readonly durability: Durability;
  /** Packages whose versions are told. */
  readonly packages: readonly string[];
}

const onPostgres = { server: 'postgres', durability: 'flushed' } as const;

export const emmett: PeerEntry = {
  ...onPostgres,
  name: 'emmett',
  store: 'emmett',
  packages: ['@event-driven-io/emmett-postgresql'],
};
export const emmettSql: PeerEntry = { ...emmett, name: 'emmett-sql', store: 'emmett-sql' };
export const nestCqrs: PeerEntry = {
  ...onPostgres,
  name: 'nest-cqrs',
  store: 'nest-cqrs',
  packages: ['@nestjs/cqrs', 'typeorm'],
};
export const bullMq: PeerEntry = {
  name: 'bullmq',
  store: 'bullmq',
  server: 'redis-always',
  durability: 'flushed',
  packages: ['bullmq', 'ioredis'],
};
export const bullMqEverySecond: PeerEntry = {
  ...bullMq,
  name: 'bullmq-everysec',
  server: 'redis-everysec',
  durability: 'flushed later',
};
export const postgresBatches: PeerEntry = {
  ...onPostgres,
  name: 'pg-group-commit',
  store: 'postgres-batches',
  packages: ['pg'],
};

/** Ringside's own log, behind the HTTP server of the peers. */
export const ringsideLog: PeerEntry = {
  name: 'log-alone',
  store: 'ringside-log',
  server: 'none',
  durability: 'flushed',
  packages: ['fastify'],
};

/** As in "bullmq 6.7.0, ioredis 5.11.1". */
export const versionsOf = ({ packages }: PeerEntry): string => packages.map((name) => `${name} ${versionOf(name)}`).join(', ');
