import type { PeerName } from '../../dist/peers/contestants.js';
import type { PeerStore, StoreOptions } from './store.js';

type OpenStore = (options: StoreOptions) => Promise<PeerStore>;

/** By the names that the bench gives them. Each is loaded alone, as in a program of its user. */
const stores: Readonly<Record<PeerName, OpenStore>> = {
  emmett: async (options) => (await import('./stores/emmett.js')).openEmmett(options, 'pongo'),
  'emmett-sql': async (options) => (await import('./stores/emmett.js')).openEmmett(options, 'sql'),
  'nest-cqrs': async (options) => (await import('./stores/nest-cqrs.js')).openNestCqrs(options),
  bullmq: async (options) => (await import('./stores/bullmq.js')).openBullMq(options),
  'postgres-batches': async (options) => (await import('./stores/postgres-batches.js')).openPostgresBatches(options),
  'ringside-log': async (options) => (await import('./stores/ringside-log.js')).openRingsideLog(options),
};

export const openStore = (name: PeerName, options: StoreOptions): Promise<PeerStore> => stores[name](options);
