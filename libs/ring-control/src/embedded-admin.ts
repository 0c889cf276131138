import { CodedError } from '@ringside/core';
import { compileEmbedded, embeddedNamespace, type RingPolicy } from '@ringside/data-ring';
import type { EventLog } from '@ringside/event-log';

import type { RegionAdmin } from './region-admin.js';

/** A step that an embedded log has no way to take. */
export class NotEmbeddedError extends CodedError {
  readonly code = 'not_embedded';
}

export interface EmbeddedAdminOptions {
  readonly policy: RingPolicy;
  readonly region: string;
  readonly log: Pick<EventLog, 'topics' | 'createTopic'>;
}

/**
 * The administration of a region on the embedded drivers: its log has the topics that the policy puts there. Who may use them is
 * up to the guards of the services, and what is copied to other regions to the replicator, which read the same policy.
 */
export function openEmbeddedAdmin({ policy, region, log }: EmbeddedAdminOptions): RegionAdmin {
  return {
    region,
    part: 'event-log',
    wanted: compileEmbedded(policy, region),
    readLive: async () => ({
      settings: (await log.topics()).map(({ topic, partitions }) => ({
        place: { kind: 'topic', namespace: embeddedNamespace, topic },
        value: partitions,
      })),
      unenforced: [],
    }),
    take: async ({ place, to }) => {
      if (place.kind === 'topic' && to !== undefined) return log.createTopic(place.topic, { partitions: to as number });
      throw new NotEmbeddedError('An embedded log cannot remove a topic: remove the data of the region, and start it anew.');
    },
    // The log is its owner's.
    close: async () => undefined,
  };
}
