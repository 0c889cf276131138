import { topics, topicOf, toRecord } from '@ringside/events';

import type { PlacedTopic, Placement } from './placement.js';
import { fault } from './placement-fault.js';

/**
 * One region without a ring around it: every topic has its own name, everybody is at home, and every service may produce what the
 * contract has. Events of other regions are taken: they are of the time when there was a ring.
 */
export function standalone(region: string): Placement {
  const held = topics.map((topic): PlacedTopic => {
    return { name: topic.topic, topic, zone: topic.zone, origin: undefined, regions: [region] };
  });
  const isHeld = (topicName: string): boolean => held.some(({ name }) => name === topicName);
  const unknown = (topicName: string) => fault('unknown_topic', `There is no topic "${topicName}" in the contract.`);
  return {
    region,
    tenant: undefined,
    regions: [region],
    held,
    heard: (topic) => held.filter(({ name }) => name === topic),
    recordOf: toRecord,
    homeOf: () => region,
    successorsOf: (of) => [of],
    mayProduce: (_service, topicName) => (isHeld(topicName) ? undefined : unknown(topicName)),
    mayConsume: (_service, topicName) => (isHeld(topicName) ? undefined : unknown(topicName)),
    mayLieHere: (topicName, event) => {
      if (!isHeld(topicName)) return unknown(topicName);
      const belongs = topicOf(event);
      return belongs === topicName
        ? undefined
        : fault('wrong_topic', `${event.type} belongs on "${belongs}", not on "${topicName}".`);
    },
  };
}
