import type { Draft } from '../parse/draft.js';
import type { Found, Path } from '../parse/policy-fault.js';
import { reachOf } from '../reach.js';
import { faultsOfNames, unknownIn } from './references.js';

/** A view says no more than its topics do, so it goes no further; and somebody may read all of them. */
export const viewsRule = (draft: Draft): readonly Found[] =>
  [...draft.views].flatMap(([name, { zone, from }]) => {
    const path = ['views', name];
    return [
      ...unknownIn(draft, 'zones', zone, [...path, 'zone']),
      ...faultsOfNames(draft, 'topics', from, [...path, 'from']),
      ...emptyFaults(from, [...path, 'from']),
      ...from.flatMap((topic, index) => widerFaults(draft, zone, topic, [...path, 'from', index])),
      ...consumerFaults(draft, name, from),
    ];
  });

function emptyFaults(from: readonly string[], path: Path): readonly Found[] {
  if (from.length > 0) return [];
  return [{ rule: 'shape', path, message: 'A view is built from one topic or more: name them.' }];
}

function widerFaults(draft: Draft, viewZone: string, topic: string, path: Path): readonly Found[] {
  const topicZone = draft.topics.get(topic)?.zone;
  const source = topicZone === undefined ? undefined : draft.zones.get(topicZone);
  const target = draft.zones.get(viewZone);
  if (source === undefined || target === undefined) return [];
  const regions = draft.namesOf('regions') ?? [];
  for (const origin of regions) {
    const allowed = reachOf(source, origin, regions);
    const beyond = reachOf(target, origin, regions).filter((region) => !allowed.includes(region));
    if (beyond.length === 0) continue;
    const message = `The view is in "${viewZone}" and would be in ${beyond.join(', ')} with what "${topic}" has of ${origin}, which "${topicZone}" keeps in ${allowed.join(', ')}. Put the view in "${topicZone}", or a zone that is no wider.`;
    return [{ rule: 'view_wider_than_topic', path, message }];
  }
  return [];
}

function consumerFaults({ services, topics, zones, namesOf }: Draft, view: string, from: readonly string[]): readonly Found[] {
  const needed = [...new Set(from.flatMap((topic) => topics.get(topic)?.zone ?? []))].filter((zone) => zones.has(zone));
  const all = namesOf('services') ?? [];
  // Where a service is not as it should be, nobody knows what it may consume.
  if (needed.length === 0 || services.size < all.length || all.length === 0) return [];
  const canBuild = [...services.values()].some(({ consume }) => needed.every((zone) => consume.includes(zone)));
  if (canBuild) return [];
  const message = `No service may consume ${needed.join(' and ')}, so nobody could build it: give it to one under services, or take the view out.`;
  return [{ rule: 'view_not_consumed', path: ['views', view], message, atKey: true }];
}
