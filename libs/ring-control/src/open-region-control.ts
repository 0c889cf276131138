import type { Clock } from '@ringside/core';
import type { RingPolicy } from '@ringside/data-ring';
import type { EventLog } from '@ringside/event-log';
import { parsePulsarUrl } from '@ringside/event-log-pulsar';

import { openCqlAdmin } from './cql-admin.js';
import { openEmbeddedAdmin } from './embedded-admin.js';
import { openRingControl } from './open-ring-control.js';
import { openPulsarAdmin } from './pulsar-admin.js';
import type { RegionAdmin } from './region-admin.js';
import type { RingControl } from './ring-control.js';

export interface RegionControlOptions {
  /** Of the whole ring. */
  readonly policy: RingPolicy;
  readonly region: string;
  /** As the services of the region have them, with a user who may set up the servers. */
  readonly eventLogUrl: string;
  readonly viewStoreUrl: string;
  /** The region's own: runs are recorded there, and it is what is set up where it is embedded. */
  readonly log: EventLog;
  readonly clock?: Clock;
}

/**
 * A ring's control for one of its regions, by what the services there know: the servers of that region and no others. What it would
 * send to regions that it knows nothing of is held back. Making it does not connect; throws `StartupError` for a URL that is none.
 */
export function openRegionControl({ policy, region, log, ...options }: RegionControlOptions): RingControl {
  const { eventLogUrl, viewStoreUrl, clock } = options;
  const admins: RegionAdmin[] = [];
  if (eventLogUrl.startsWith('pulsar')) {
    const { adminUrl, token } = parsePulsarUrl(eventLogUrl);
    admins.push(openPulsarAdmin({ policy, region, adminUrl, token, addresses: {} }));
  } else {
    admins.push(openEmbeddedAdmin({ policy, region, log }));
  }
  if (viewStoreUrl.startsWith('cql')) admins.push(openCqlAdmin({ policy, region, url: viewStoreUrl }));
  return openRingControl({ policy, admins, logs: [{ region, log }], about: [region], ...(clock && { clock }) });
}
