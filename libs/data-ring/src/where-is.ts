import { definitions } from '@ringside/events';

import { namespaceOf } from './compile/pulsar.js';
import { contractFields, type ContractField } from './contract-fields.js';
import { nearest } from './parse/nearest.js';
import { placedTopics } from './placement.js';
import type { RingPolicy, ZonePolicy } from './policy.js';
import { reachOf } from './reach.js';
import { list, whereSentence } from './where-text.js';

/** Where something of the contract may be found, and by what right. */
export interface Whereabouts {
  /** What was asked for, in full: `ReportEvidenceFiled.description`, `report-evidence`, `case_steps`. */
  readonly what: string;
  readonly is: 'event' | 'field' | 'topic' | 'view';
  /** Fields of it that say something about a person: `ReportEvidenceFiled.description`. None of them: it is not personal. */
  readonly personal: readonly string[];
  /** The topics of the contract that have it. */
  readonly topics: readonly string[];
  readonly zone: string;
  readonly kind: ZonePolicy['kind'];
  readonly purpose: string;
  readonly legalGround: string;
  /** Regions where it may be, by the region that it comes from: where it was written, or where its player is at home. */
  readonly reach: readonly { readonly origin: string; readonly regions: readonly string[] }[];
  /** The topics of the event log that have it. */
  readonly log: readonly { readonly topic: string; readonly regions: readonly string[] }[];
  /** Tables built from those topics: a view need not keep all of what it is built from. */
  readonly views: readonly string[];
  /** Services that may read it. */
  readonly readers: readonly string[];
  /** All of this for people. */
  readonly sentence: string;
}

export interface WhereIs {
  /** One for each thing of that name: `description` may be a field of several events. */
  readonly found: readonly Whereabouts[];
  /** Where nothing is called so: what may have been meant. */
  readonly message?: string;
}

/**
 * Where an event type, a topic, a view or a field may be found. A field is named with its event or without, and from its end:
 * `ReportEvidenceFiled.chat[].text`, `chat[].text` and `text` all find it.
 */
export function whereIs(policy: RingPolicy, query: string): WhereIs {
  const found = [
    ...definitions
      .filter(({ type }) => type === query)
      .map(({ type, topic }) => aboutTopics(policy, { what: type, is: 'event', topics: [topic], fields: fieldsOfEvent(type) })),
    ...Object.keys(policy.topics)
      .filter(
        (topic) =>
          topic === query || placedTopics(policy).some((placed) => placed.name === query && placed.topic.topic === topic),
      )
      .map((topic) => aboutTopics(policy, { what: topic, is: 'topic', topics: [topic], fields: fieldsOfTopics([topic]) })),
    ...Object.entries(policy.views)
      .filter(([view]) => view === query)
      .map(([view, { from }]) => aboutTopics(policy, { what: view, is: 'view', topics: from, fields: fieldsOfTopics(from) })),
    ...contractFields()
      .filter((field) => isCalled(field, query))
      .map((field) => {
        const asked = [{ ...field, marked: field.personal }];
        return aboutTopics(policy, { what: nameOf(field), is: 'field', topics: [field.topic], fields: asked });
      }),
  ];
  return found.length > 0 ? { found } : { found, message: nothingCalled(policy, query) };
}

const nameOf = ({ event, field }: ContractField): string => `${event}.${field}`;
const fieldsOfEvent = (type: string): readonly ContractField[] => contractFields().filter(({ event }) => event === type);
const fieldsOfTopics = (topics: readonly string[]): readonly ContractField[] =>
  contractFields().filter(({ topic }) => topics.includes(topic));

const isCalled = (field: ContractField, query: string): boolean => {
  const name = nameOf(field);
  return name === query || name.endsWith(`.${query}`);
};

interface Asked extends Pick<Whereabouts, 'what' | 'is' | 'topics'> {
  readonly fields: readonly ContractField[];
}

function aboutTopics(policy: RingPolicy, { what, is, topics, fields }: Asked): Whereabouts {
  // A view names its own zone, which is no wider than those of its topics.
  const zoneName = is === 'view' ? policy.views[what]!.zone : policy.topics[topics[0]!]!.zone;
  const zone = policy.zones[zoneName]!;
  const regions = Object.keys(policy.regions);
  const zones = topics.map((topic) => policy.topics[topic]!.zone);
  const about = {
    what,
    is,
    personal: fields.filter(({ marked }) => marked).map(nameOf),
    topics,
    zone: zoneName,
    kind: zone.kind,
    purpose: zone.purpose,
    legalGround: zone.legalGround,
    reach: regions.map((origin) => ({ origin, regions: reachOf(zone, origin, regions) })),
    log: logOf(policy, topics),
    views: is === 'view' ? [what] : viewsFrom(policy, topics),
    readers: Object.entries(policy.services)
      .filter(([, { consume }]) => zones.every((name) => consume.includes(name)))
      .map(([service]) => service),
  };
  return { ...about, sentence: whereSentence(about) };
}

/** Full names in Pulsar; the embedded log says `cases.eu` alone. */
const logOf = (policy: RingPolicy, topics: readonly string[]): Whereabouts['log'] =>
  placedTopics(policy)
    .filter(({ topic }) => topics.includes(topic.topic))
    .map((placed) => ({
      topic: `persistent://${policy.tenant}/${namespaceOf(placed)}/${placed.name}`,
      regions: placed.regions,
    }));

const viewsFrom = (policy: RingPolicy, topics: readonly string[]): readonly string[] =>
  Object.entries(policy.views)
    .filter(([, { from }]) => from.some((topic) => topics.includes(topic)))
    .map(([view]) => view);

function nothingCalled(policy: RingPolicy, query: string): string {
  const names = [
    ...definitions.map(({ type }) => type),
    ...Object.keys(policy.topics),
    ...Object.keys(policy.views),
    ...contractFields().flatMap((field) => [nameOf(field), field.field]),
  ];
  const meant = nearest(query, new Set(names));
  if (meant !== undefined) return `Nothing is called "${query}". Did you mean "${meant}"?`;
  return `Nothing is called "${query}". Ask for an event type, a topic (${list(Object.keys(policy.topics))}), a view or a field.`;
}
