import { placedTopics } from '../placement.js';
import type { RingPolicy } from '../policy.js';
import type { WantedSetting } from './settings.js';

/** What the embedded log of a region is to have: its topics. What goes from one log to another is up to the replicator. */
export function compileEmbedded(policy: RingPolicy, region: string): readonly WantedSetting[] {
  return placedTopics(policy)
    .filter(({ regions }) => regions.includes(region))
    .map(({ name, topic }) => ({
      place: { kind: 'topic', namespace: embeddedNamespace, topic: name },
      value: topic.partitions,
      rule: `topics.${topic.topic}`,
    }));
}

/** An embedded log has no namespaces. */
export const embeddedNamespace = 'embedded';
