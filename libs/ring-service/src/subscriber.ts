import { servingRegions, type Placement } from '@ringside/data-ring';
import { ringTopic } from '@ringside/events';
import type { Subscriber } from '@ringside/team-kit';

import { holdings, sharedTopics } from './holdings/holdings.js';

/** Names the service, its subscription, and what the ring's policy allows it. */
export const serviceName = 'platform';

/** Nobody waits for these views; fewer and larger commits cost the log's machine less. */
const lingerMs = 200;

/**
 * The platform service hears what its region shares with others, to tell what it holds of it. Without a ring around it there is
 * nobody to compare that with, and the promotions alone are heard.
 */
export function platformSubscriber(placement: Placement): Subscriber {
  const shared = sharedTopics(placement).map(({ topic }) => topic.topic);
  return {
    name: serviceName,
    topics: [...new Set([...shared, ringTopic.topic])],
    projections: [servingRegions, ...(shared.length > 0 ? [holdings(placement)] : [])],
    reactions: [],
    lingerMs,
    needs: { topics: [ringTopic.topic], tables: [] },
  };
}
