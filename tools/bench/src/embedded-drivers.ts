import { join } from 'node:path';
import type { EventLog } from '@ringside/event-log';
import { openEmbeddedEventLog } from '@ringside/event-log-embedded';
import type { ViewStore } from '@ringside/view-store';
import { openEmbeddedViewStore } from '@ringside/view-store-embedded';

export interface Drivers {
  readonly log: EventLog;
  readonly store: ViewStore;
}

/** Both in one directory, for as long as the work takes. */
export async function withEmbedded<T>(directory: string, work: (drivers: Drivers) => Promise<T>): Promise<T> {
  const log = await openEmbeddedEventLog({ directory: join(directory, 'event-log') });
  const store = await openEmbeddedViewStore({ directory: join(directory, 'view-store') });
  try {
    return await work({ log, store });
  } finally {
    await store.close();
    await log.close();
  }
}
