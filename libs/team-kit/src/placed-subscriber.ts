import { StartupError } from '@ringside/core';
import type { Placement } from '@ringside/data-ring';

import type { Subscriber } from './subscriber.js';

/** A subscriber in a region: its topics are those of this region's log that carry the ones of the contract. */
export interface PlacedSubscriber extends Subscriber {
  /** Of the log: for `cases` of the contract `cases.eu` and `cases.us`, where the region has these. */
  readonly topics: readonly string[];
  readonly placement: Placement;
}

/**
 * Finds a subscriber's topics in a region. Of those that its service appends to only the ones are left that it may append to there.
 * Throws `StartupError` for a topic that the policy does not have, or does not let the service hear or, in any region, append to.
 */
export function placed(subscriber: Subscriber, placement: Placement): PlacedSubscriber {
  const { name, needs } = subscriber;
  for (const topic of subscriber.reactions.flatMap(({ publishes = [] }) => publishes)) producedBy(name, topic, placement);
  return {
    ...subscriber,
    placement,
    topics: subscriber.topics.flatMap((topic) => heardBy(name, topic, placement)),
    ...(needs !== undefined && {
      needs: {
        ...needs,
        topics: needs.topics.flatMap((topic) => producedBy(name, topic, placement)),
      },
    }),
  };
}

/** Where this region stands in for nobody else, some of a topic's origins are not its to write: that is no fault of the service. */
function producedBy(service: string, topic: string, placement: Placement): readonly string[] {
  const names = placement.heard(topic).map((one) => one.name);
  if (names.length === 0) throw new StartupError(`The ring's policy has no topic "${topic}", which ${service} appends to.`);
  return names.filter((name) => {
    const fault = placement.mayProduce(service, name);
    if (fault?.code === 'not_by_this_service')
      throw new StartupError(`${service} appends to "${name}", and must not: ${fault.message}`);
    return fault === undefined;
  });
}

function heardBy(service: string, topic: string, placement: Placement): readonly string[] {
  const names = placement.heard(topic).map((one) => one.name);
  if (names.length === 0) throw new StartupError(`The ring's policy has no topic "${topic}", which ${service} hears.`);
  for (const name of names) {
    const fault = placement.mayConsume(service, name);
    if (fault !== undefined) throw new StartupError(`${service} hears "${name}", and must not: ${fault.message}`);
  }
  return names;
}
