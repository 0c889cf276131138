import type { Result } from '@ringside/core';
import type { Placement } from '@ringside/data-ring';
import type { StoredRecord } from '@ringside/event-log';
import { keyOf, type ContractViolation, type RingsideEvent } from '@ringside/events';

import { foreignIdIn } from './foreign-ids.js';

/** What a newer version of the contract may come to know: it waits, and what is behind it of its key as well. */
const mayBecomeKnown: readonly ContractViolation['code'][] = ['unknown_type', 'unknown_version', 'upcast_failed'];

/**
 * Why a record is not believed, whoever it came from; undefined where it is, or where nobody can say yet. Records of other regions were
 * not made by this code, and who made them may be in the wrong hands: they have to be what policy lets them be.
 *
 * Times are not looked at. They order nothing, and a region whose clock is wrong would have all of its facts left out in some regions
 * and not in others. Nor is the time in an id: ids that derive from others have theirs.
 */
export function whyNotBelieved(
  placement: Placement,
  record: StoredRecord,
  decoded: Result<RingsideEvent, ContractViolation>,
): string | undefined {
  const isRing = placement.tenant !== undefined;
  if (!decoded.ok) {
    if (!isRing) return undefined;
    return mayBecomeKnown.includes(decoded.error.code) ? wrongEnvelope(placement, record) : decoded.error.message;
  }
  const event = decoded.value;
  const fault = placement.mayLieHere(record.topic, event);
  if (fault !== undefined) return fault.message;
  if (!isRing) return undefined;
  // By its id copies are dropped, and by its key it is in one partition with all that its rows are made of.
  if (record.id !== event.id) return 'The record has another id than the event in it.';
  if (record.key !== keyOf(event)) return 'The record has another key than its event asks for.';
  return foreignIdIn(event);
}

/** What is known of an event whose data is not: those of every version say where they are from, and of which zone they are. */
function envelopeOf(record: StoredRecord): { readonly id: unknown; readonly region: unknown; readonly zone: unknown } {
  const { id, region, zone } = JSON.parse(Buffer.from(record.bytes).toString('utf8')) as Record<string, unknown>;
  return { id, region, zone };
}

function wrongEnvelope({ region, regions, held, successorsOf }: Placement, record: StoredRecord): string | undefined {
  const envelope = envelopeOf(record);
  const topic = held.find(({ name }) => name === record.topic);
  if (topic === undefined) return `"${record.topic}" is not in this region.`;
  if (envelope.id !== record.id) return 'The record has another id than the event in it.';
  if (envelope.zone !== topic.topic.zone) return `The event is not of the zone that events of "${topic.name}" are of.`;
  const isRegional = topic.topic.zone === 'regional';
  const from = isRegional ? [region] : topic.origin === undefined ? regions : successorsOf(topic.origin);
  if (from.includes(String(envelope.region))) return undefined;
  return `The event is of a region whose events may not lie on "${topic.name}" here.`;
}

/**
 * Whether later events of its key queue behind one that this version does not know. Those of another region's that are of no known
 * type do not: otherwise a region could hold up any key here, with the name of an event that there will never be.
 */
export function keepsOthersWaiting(placement: Placement, record: StoredRecord, { code }: ContractViolation): boolean {
  return placement.tenant === undefined || code !== 'unknown_type' || envelopeOf(record).region === placement.region;
}
