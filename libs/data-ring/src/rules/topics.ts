import { definitions, ringTopic, topics as contractTopics, type Topic } from '@ringside/events';

import { contractFields } from '../contract-fields.js';
import type { Draft } from '../parse/draft.js';
import { hint } from '../parse/nearest.js';
import type { Found } from '../parse/policy-fault.js';
import type { ZoneKind } from '../policy.js';
import { unknownIn } from './references.js';

const width: Readonly<Record<ZoneKind, number>> = { regional: 0, 'cross-region': 1, global: 2 };
const byName = new Map(contractTopics.map((topic) => [topic.topic, topic]));
const names = [...byName.keys()];

/** Every topic of the contract is in one zone, and in none that is wider than what its events were made for. */
export function topicsRule(draft: Draft): readonly Found[] {
  const placed = draft.namesOf('topics');
  const without = placed === undefined ? [] : names.filter((name) => !placed.includes(name));
  return [
    ...without.map((name): Found => {
      const message = `The topic "${name}" of the contract is in no zone, so nobody knows where its events may be: give it one.`;
      return { rule: 'topic_without_zone', path: ['topics'], message, atKey: true };
    }),
    ...(placed ?? [])
      .filter((name) => !byName.has(name))
      .map((name): Found => {
        const message = `The contract has no topic "${name}".${hint(name, names)}`;
        return { rule: 'unknown_topic', path: ['topics', name], message, atKey: true };
      }),
    ...[...draft.topics].flatMap(([name, { zone }]) => [
      ...unknownIn(draft, 'zones', zone, ['topics', name, 'zone']),
      ...zoneFaults(byName.get(name), zone, draft.zones.get(zone)?.kind),
    ]),
  ];
}

function zoneFaults(topic: Topic | undefined, zone: string, kind: ZoneKind | undefined): readonly Found[] {
  if (topic === undefined || kind === undefined) return [];
  const path = ['topics', topic.topic, 'zone'];
  const personal = contractFields().filter((field) => field.topic === topic.topic && field.marked);
  if (kind === 'global' && personal.length > 0) {
    const which = personal.map(({ event, field }) => `${event}.${field}`).join(', ');
    const message = `"${zone}" is global, and "${topic.topic}" has personal fields, which would go to every region: ${which}. Choose a zone that is ${topic.zone}.`;
    return [{ rule: 'personal_in_global', path, message }];
  }
  if (width[kind] > width[topic.zone]) {
    const message = `"${zone}" is ${kind}, and the contract made the events of "${topic.topic}" for a ${topic.zone} zone: they may go less far than that, and no further.`;
    return [{ rule: 'wider_than_contract', path, message }];
  }
  if (topic.topic === ringTopic.topic && kind !== 'global') {
    const message = `"${zone}" is ${kind}, and every region must hear of a promotion: "${topic.topic}" is in a global zone.`;
    return [{ rule: 'ring_not_global', path, message }];
  }
  const strangers = kind === 'cross-region' ? eventsOfNobody(topic.topic) : [];
  if (strangers.length === 0) return [];
  const message = `"${zone}" is cross-region, where an event goes by the home of its player, and ${strangers.join(', ')} of "${topic.topic}" has no subjectId: choose a global zone or a regional one.`;
  return [{ rule: 'no_player', path, message }];
}

/** Events that are about no player, so that they have no home. */
const eventsOfNobody = (topic: string): readonly string[] =>
  definitions
    .filter((definition) => definition.topic === topic)
    .filter(({ versions }) => versions.at(-1)?.data.shape['subjectId'] === undefined)
    .map(({ type }) => type);
