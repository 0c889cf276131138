import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StartupError } from '@ringside/core';
import type { Placement } from '@ringside/data-ring';
import { eventLogSchemes, openEventLog, openViewStore, viewStoreSchemes } from '@ringside/drivers';
import type { EventLog } from '@ringside/event-log';
import { readConfig, readPlacement } from '@ringside/platform';
import type { ViewStore } from '@ringside/view-store';

export interface OpenDrivers {
  readonly log: EventLog;
  readonly store: ViewStore;
  /** The ring as the region of these sees it. */
  readonly placement: Placement;
  close(): Promise<void>;
}

/** Opens the log and a service's store as the service itself would, by the same environment. */
export async function openDrivers(service: string, data: string | undefined): Promise<OpenDrivers> {
  const config = readConfig(
    { ...process.env, ...(data === undefined ? {} : { RINGSIDE_DATA: data }) },
    { port: 0, eventLogSchemes, viewStoreSchemes },
  );
  const { dataDirectory, eventLogUrl, viewStoreUrl } = config;
  const placement = await readPlacement(config);
  // The embedded drivers would make what is missing.
  const missing = [
    ...(eventLogUrl === 'embedded:' ? [join(dataDirectory, 'event-log')] : []),
    ...(viewStoreUrl === 'embedded:' ? [join(dataDirectory, 'views', service)] : []),
  ].find((directory) => !existsSync(directory));
  if (missing !== undefined) {
    throw new StartupError(`There is no ${missing}: name the data directory of the services with --data.`);
  }
  const log = await openEventLog(eventLogUrl, { dataDirectory, placement });
  try {
    const store = await openViewStore(viewStoreUrl, { dataDirectory, name: service });
    const close = async (): Promise<void> => {
      await store.close();
      await log.close();
    };
    return { log, store, placement, close };
  } catch (error) {
    await log.close();
    throw error;
  }
}
