import { ringTopic, topicOf, type RingsideEvent } from '@ringside/events';

import { fault, type PlacementFault } from './placement-fault.js';

/** The service of the Platform team, which alone says what the topic `ring` carries: who stands in for whom, and what was looked at. */
export const platformService = 'platform';

/**
 * Why an event about the ring itself must not be believed: another service says it than the Platform team's, it is about a region that
 * there is not, or it lets a region work cases that policy does not give it. Otherwise any region could make any region's cases its
 * own, or put somebody else's to sleep.
 *
 * A promotion is said where it concerns somebody: in the region whose cases they are, or in one that may stand in for it. The region is
 * the one that the event names; that nobody names another's is for the replication to see to (docs/ring.md).
 */
export function wrongRingEvent(
  event: RingsideEvent,
  {
    regions,
    successorsOf,
  }: { readonly regions: readonly string[]; readonly successorsOf: (region: string) => readonly string[] },
): PlacementFault | undefined {
  if (topicOf(event) !== ringTopic.topic) return undefined;
  if (event.source !== platformService) {
    const message = `${event.type} is for the service "${platformService}" to say, and not for "${event.source}".`;
    return fault('not_by_this_service', message);
  }
  const about =
    event.type === 'RegionPromoted' ? event.data.home : event.type === 'RingOperated' ? event.data.about : undefined;
  if (about !== undefined && !regions.includes(about)) {
    return fault('unknown_region', `${event.type} is about "${about}", and the ring has ${regions.join(', ')}.`);
  }
  if (event.type !== 'RegionPromoted') return undefined;
  const { home, servedBy } = event.data;
  const may = successorsOf(home);
  if (!may.includes(servedBy)) {
    return fault(
      'no_successor',
      `Nobody but ${may.join(', ')} may work the cases of ${home}, and the event names ${servedBy}.`,
    );
  }
  if (may.includes(event.region)) return undefined;
  const message = `Who works the cases of ${home} is for ${may.join(', ')} to say, and not for ${event.region}.`;
  return fault('not_by_this_region', message);
}
