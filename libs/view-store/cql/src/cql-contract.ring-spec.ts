import { describeViewStoreContract } from '@ringside/view-store-contract';

import { openCqlViewStore } from './cql-view-store.js';

/* Against a real server, whose URL the run of `npm run test:ring` sets: RINGSIDE_TEST_CQL (`cql://host:port?dialect=…`). */
const url = process.env['RINGSIDE_TEST_CQL'];

describeViewStoreContract('cql', {
  ...(url === undefined && { skipped: 'RINGSIDE_TEST_CQL names no server' }),
  capabilities: { atomicWrite: false, fencesRows: false },
  caseMsMax: 60_000,
  startMsMax: 60_000,
  start: async () => ({
    connect: () => openCqlViewStore(url!, { name: 'contract' }),
    stop: async () => undefined,
  }),
});
