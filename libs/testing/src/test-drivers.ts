import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { EventLog } from '@ringside/event-log';
import { openEmbeddedEventLog } from '@ringside/event-log-embedded';
import type { ViewStore } from '@ringside/view-store';
import { openEmbeddedViewStore } from '@ringside/view-store-embedded';

export interface TestDrivers {
  readonly directory: string;
  readonly log: EventLog;
  /** A store of its own for each name. */
  store(name: string): Promise<ViewStore>;
  /** Closes what was opened and removes the directory. */
  close(): Promise<void>;
}

/** The embedded drivers on a temporary directory. */
export async function openTestDrivers(): Promise<TestDrivers> {
  const directory = await mkdtemp(join(tmpdir(), 'ringside-test-'));
  const log = await openEmbeddedEventLog({ directory: join(directory, 'event-log') });
  const stores = new Map<string, Promise<ViewStore>>();
  return {
    directory,
    log,
    store(name) {
      const opened = stores.get(name) ?? openEmbeddedViewStore({ directory: join(directory, 'views', name) });
      stores.set(name, opened);
      return opened;
    },
    async close() {
      for (const store of stores.values()) await (await store).close();
      await log.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
