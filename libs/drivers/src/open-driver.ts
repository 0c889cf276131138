import { join } from 'node:path';
import { StartupError } from '@ringside/core';
import { namespaceOf, type Placement } from '@ringside/data-ring';
import type { EventLog } from '@ringside/event-log';
import type { ViewStore } from '@ringside/view-store';

import { prepareDataDirectory } from './data-directory.js';

type Opener<Resource, Options> = (url: string, options: Options) => Promise<Resource>;
type ByScheme<Resource, Options> = Readonly<Record<string, Opener<Resource, Options>>>;

export interface EventLogOptions {
  /** Where drivers that keep files keep them. */
  readonly dataDirectory: string;
  /** Told what does not stop a driver but somebody should know, such as a connection that is tried again. */
  readonly onWarning?: (message: string) => void;
  /**
   * JSON Schemas of a topic's records, one for each version of each event. A driver whose log has a registry of schemas puts them
   * there when the topic is made or found.
   */
  readonly schemasOf?: (topic: string) => readonly Readonly<Record<string, unknown>>[];
  /** Where in the log the topics are, for a log that keeps zones apart; as its URL says where absent. */
  readonly placement?: Placement;
}

export interface ViewStoreOptions extends Pick<EventLogOptions, 'dataDirectory'> {
  /** The service whose views these are; each has its own. */
  readonly name: string;
}

const openPulsar: Opener<EventLog, EventLogOptions> = async (url, { onWarning, schemasOf, placement }) => {
  const { openPulsarEventLog } = await import('@ringside/event-log-pulsar');
  return openPulsarEventLog({
    url,
    ...(onWarning !== undefined && { onWarning }),
    ...(schemasOf !== undefined && { schemasOf }),
    ...(placement?.tenant !== undefined && { ring: ringNamespaces(placement.tenant, placement) }),
  });
};

const ringNamespaces = (tenant: string, { held }: Placement) => ({
  tenant,
  namespaces: new Map(held.map((topic) => [topic.name, namespaceOf(topic)])),
});

// A driver is loaded when it is chosen, so that what it needs may be missing where it is not.
const eventLogs: ByScheme<EventLog, EventLogOptions> = {
  embedded: async (url, { dataDirectory, onWarning }) => {
    takesNothing('RINGSIDE_EVENT_LOG', url);
    await prepareDataDirectory(dataDirectory);
    const { openEmbeddedEventLog } = await import('@ringside/event-log-embedded');
    const directory = join(dataDirectory, 'event-log');
    return openEmbeddedEventLog({ directory, ...(onWarning !== undefined && { onWarning }) });
  },
  pulsar: openPulsar,
  'pulsar+ssl': openPulsar,
  'pulsar+ws': openPulsar,
  'pulsar+wss': openPulsar,
};

const viewStores: ByScheme<ViewStore, ViewStoreOptions> = {
  embedded: async (url, { dataDirectory, name }) => {
    takesNothing('RINGSIDE_VIEW_STORE', url);
    await prepareDataDirectory(dataDirectory);
    const { openEmbeddedViewStore } = await import('@ringside/view-store-embedded');
    return openEmbeddedViewStore({ directory: join(dataDirectory, 'views', name) });
  },
  cql: async (url, { name }) => {
    const { openCqlViewStore } = await import('@ringside/view-store-cql');
    return openCqlViewStore(url, { name });
  },
};

/** Schemes of the URLs that {@link openEventLog} takes. */
export const eventLogSchemes: readonly string[] = Object.keys(eventLogs);

/** Schemes of the URLs that {@link openViewStore} takes. */
export const viewStoreSchemes: readonly string[] = Object.keys(viewStores);

/** Opens the event log that a URL names. Throws {@link StartupError} for a scheme without a driver, and whatever the driver throws. */
export const openEventLog: Opener<EventLog, EventLogOptions> = (url, options) =>
  openerOf('RINGSIDE_EVENT_LOG', eventLogs, url)(url, options);

/** Opens the view store that a URL names, under a service's name. Throws as {@link openEventLog} does. */
export const openViewStore: Opener<ViewStore, ViewStoreOptions> = (url, options) =>
  openerOf('RINGSIDE_VIEW_STORE', viewStores, url)(url, options);

function openerOf<Resource, Options>(
  variable: string,
  openers: ByScheme<Resource, Options>,
  url: string,
): Opener<Resource, Options> {
  const scheme = url.split(':', 1)[0]!;
  if (Object.hasOwn(openers, scheme)) return openers[scheme]!;
  const known = Object.keys(openers).map((name) => `${name}:`);
  throw new StartupError(`${variable} names the driver "${scheme}:", which does not exist: choose one of ${known.join(', ')}.`);
}

/** Embedded drivers live under the data directory: a path in the URL would be passed over in silence. */
function takesNothing(variable: string, url: string): void {
  if (url === 'embedded:') return;
  throw new StartupError(`${variable} is "${url}": write embedded: alone, and set RINGSIDE_DATA to the directory.`);
}
