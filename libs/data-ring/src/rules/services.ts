import { ringTopic } from '@ringside/events';

import type { Draft } from '../parse/draft.js';
import type { Found } from '../parse/policy-fault.js';
import { platformService } from '../wrong-ring-event.js';
import { faultsOfNames } from './references.js';

export const servicesRule = (draft: Draft): readonly Found[] => {
  const zone = draft.topics.get(ringTopic.topic)?.zone;
  return [...draft.services].flatMap(([name, { produce, consume }]) => [
    ...faultsOfNames(draft, 'zones', produce, ['services', name, 'produce']),
    ...faultsOfNames(draft, 'zones', consume, ['services', name, 'consume']),
    ...ringFaults(draft, zone, name, produce),
  ]);
};

/** A permission is for a whole zone: whoever produces that of the topic `ring` could promote regions, and forge the record of runs. */
function ringFaults({ zones }: Draft, zone: string | undefined, service: string, produce: readonly string[]): readonly Found[] {
  // In a zone that is not global nobody hears of it, and that is a fault of the topic's.
  if (zone === undefined || zones.get(zone)?.kind !== 'global' || service === platformService) return [];
  const index = produce.indexOf(zone);
  if (index < 0) return [];
  const message = `"${zone}" has the topic "${ringTopic.topic}", by which regions are promoted and runs are recorded, and that is for "${platformService}" alone to say: give "${ringTopic.topic}" a zone of its own, which no other service produces.`;
  return [{ rule: 'ring_produced_by_others', path: ['services', service, 'produce', index], message }];
}
