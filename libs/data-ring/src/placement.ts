import { topicOf, topics, toRecord, type EventRecord, type RingsideEvent, type Topic } from '@ringside/events';

import { homesOf } from './homes.js';
import { wrongHome } from './wrong-home.js';
import { wrongRingEvent } from './wrong-ring-event.js';
import { fault, type PlacementFault } from './placement-fault.js';
import type { RingPolicy, ZonePolicy } from './policy.js';
import { mayWrite, reachOf, successorsIn } from './reach.js';

/** A topic as the event log has it. A topic of a cross-region zone is one for each region of origin: `cases.eu`, `cases.us`. */
export interface PlacedTopic {
  /** Its name in the event log. */
  readonly name: string;
  /** The topic of the contract that it carries. */
  readonly topic: Topic;
  /** The zone of the policy. */
  readonly zone: string;
  /** The region whose players' events it has; undefined where it has those of all (global), or of wherever one is (regional). */
  readonly origin: string | undefined;
  /** Regions whose logs have it. A regional topic has its name in all of them, and something else in each. */
  readonly regions: readonly string[];
}

/** The ring as the services of one region see it: where each event goes, and what may come. Pure; every answer is by the policy. */
export interface Placement {
  readonly region: string;
  /** Pulsar's tenant; undefined for a region without a ring around it. */
  readonly tenant: string | undefined;
  /** All regions of the ring, this one too. */
  readonly regions: readonly string[];
  /** Topics that the log of this region has. */
  readonly held: readonly PlacedTopic[];
  /** Of those, the ones that carry a topic of the contract, by its name. */
  heard(topic: string): readonly PlacedTopic[];
  /** The event as a record on the topic where it belongs. Throws `InvalidEventError` where it breaks the contract. */
  recordOf(event: RingsideEvent): EventRecord;
  /** The region where a player's cases are worked, as long as no other has been promoted in its place. */
  homeOf(playerId: string): string;
  /** Regions that may be promoted in the place of one, itself first. */
  successorsOf(region: string): readonly string[];
  /** Why this service, in this region, must not append to a topic of the log; undefined where it may. */
  mayProduce(service: string, topicName: string): PlacementFault | undefined;
  /** Why this service must not read a topic of this region's log; undefined where it may. */
  mayConsume(service: string, topicName: string): PlacementFault | undefined;
  /** Why a record that lies on a topic of this region's log must not be believed; undefined where it may be. */
  mayLieHere(topicName: string, event: RingsideEvent): PlacementFault | undefined;
}

const contractTopics = new Map<string, Topic>(topics.map((topic) => [topic.topic, topic]));

/** The name that a topic has in the event log. */
export const placedName = (topic: string, zone: ZonePolicy, origin: string): string =>
  zone.kind === 'cross-region' ? `${topic}.${origin}` : topic;

/** Every topic of the ring, as the logs of its regions have them. */
export function placedTopics({ regions, zones, topics: placed }: RingPolicy): readonly PlacedTopic[] {
  const names = Object.keys(regions);
  return Object.entries(placed).flatMap(([name, { zone: zoneName }]): readonly PlacedTopic[] => {
    const topic = contractTopics.get(name);
    const zone = zones[zoneName];
    if (topic === undefined || zone === undefined) return [];
    const common = { topic, zone: zoneName };
    if (zone.kind !== 'cross-region') return [{ ...common, name, origin: undefined, regions: names }];
    return names.map((origin) => {
      const reached = reachOf(zone, origin, names);
      return {
        ...common,
        name: placedName(name, zone, origin),
        origin,
        regions: names.filter((region) => reached.includes(region)),
      };
    });
  });
}

/** Throws `RangeError` for a region that the policy does not have. */
export function placementOf(policy: RingPolicy, region: string): Placement {
  const regions = Object.keys(policy.regions);
  if (!regions.includes(region)) throw new RangeError(`The ring has no region "${region}": it has ${regions.join(', ')}.`);
  const all = new Map(placedTopics(policy).map((topic) => [topic.name, topic]));
  const held = [...all.values()].filter((topic) => topic.regions.includes(region));
  const home = homesOf(policy.homes, regions);
  const successorsOf = (of: string): readonly string[] => successorsIn(policy, of);

  const placeOf = (topicName: string): PlacedTopic | PlacementFault => {
    const topic = all.get(topicName);
    if (topic === undefined) return fault('unknown_topic', `The ring's policy has no topic "${topicName}".`);
    if (topic.regions.includes(region)) return topic;
    const where = topic.regions.join(', ');
    return fault(
      'not_in_this_region',
      `"${topicName}" is in the zone ${topic.zone}, which is in ${where} and not in ${region}.`,
    );
  };

  return {
    region,
    tenant: policy.tenant,
    regions,
    held,
    heard: (topic) => held.filter((placed) => placed.topic.topic === topic),
    recordOf: (event) => {
      const record = toRecord(event);
      const zone = policy.zones[policy.topics[record.topic]?.zone ?? ''];
      if (zone?.kind !== 'cross-region') return record;
      return { ...record, topic: placedName(record.topic, zone, home(subjectOf(event))) };
    },
    homeOf: home,
    successorsOf,
    mayProduce: (service, topicName) => {
      const topic = placeOf(topicName);
      if ('code' in topic) return topic;
      if (policy.services[service]?.produce.includes(topic.zone) !== true) {
        return fault(
          'not_by_this_service',
          `${service} may not produce in the zone ${topic.zone}: services.${service}.produce.`,
        );
      }
      if (mayWrite(policy, topic.origin, region)) return undefined;
      const message = `${region} may not produce to "${topicName}": it is of ${topic.origin}, whose successors are others.`;
      return fault('not_by_this_region', message);
    },
    mayConsume: (service, topicName) => {
      const topic = placeOf(topicName);
      if ('code' in topic) return topic;
      if (policy.services[service]?.consume.includes(topic.zone) === true) return undefined;
      return fault(
        'not_by_this_service',
        `${service} may not consume from the zone ${topic.zone}: services.${service}.consume.`,
      );
    },
    mayLieHere: (topicName, event) => {
      const topic = placeOf(topicName);
      if ('code' in topic) return topic;
      const wrong = wrongPlace(topic, event);
      if (wrong !== undefined) return wrong;
      // By the kind that the policy gave the zone, which may be narrower than what the contract allows.
      const isRegional = policy.zones[topic.zone]?.kind === 'regional';
      const isByKnown = isRegional ? event.region === region : regions.includes(event.region);
      const isOfOrigin = topic.origin === undefined || home(subjectOf(event)) === topic.origin;
      if (!isOfOrigin)
        return fault('wrong_topic', `The event is about a player whose home is not ${topic.origin}, so not of "${topicName}".`);
      if (isByKnown && mayWrite(policy, topic.origin, event.region))
        return wrongHome(event, { homeOf: home, successorsOf }) ?? wrongRingEvent(event, { regions, successorsOf });
      return fault(
        'not_by_this_region',
        `An event of the region "${event.region}" may not lie on "${topicName}" in ${region}.`,
      );
    },
  };
}

function wrongPlace({ topic, name }: PlacedTopic, event: RingsideEvent): PlacementFault | undefined {
  const belongs = topicOf(event);
  if (belongs !== topic.topic) return fault('wrong_topic', `${event.type} belongs on "${belongs}", and this is "${name}".`);
  // An event names the kind that the contract gives its topic; the zone of the policy is called as the Platform team likes.
  if (event.zone !== topic.zone)
    return fault('wrong_zone', `The event says it is ${event.zone}, and events of "${name}" are ${topic.zone}.`);
  return undefined;
}

/** The player whom an event of a cross-region zone is about. */
function subjectOf(event: RingsideEvent): string {
  if ('subjectId' in event.data) return event.data.subjectId;
  throw new TypeError(`${event.type} is about no player, so it has no home: it cannot be in a cross-region zone.`);
}
