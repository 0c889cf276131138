import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeViewStoreContract } from '@ringside/view-store-contract';

import { openEmbeddedViewStore } from './embedded-view-store.js';

describeViewStoreContract('embedded', {
  capabilities: { atomicWrite: true, fencesRows: true },
  caseMsMax: 20_000,
  startMsMax: 5_000,
  start: async () => {
    const directory = await mkdtemp(join(tmpdir(), 'view-store-'));
    return {
      connect: () => openEmbeddedViewStore({ directory }),
      stop: () => rm(directory, { recursive: true }),
    };
  },
});
