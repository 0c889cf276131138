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
  if (!decoded.ok) return isRing && !mayBecomeKnown.includes(decoded.error.code) ? decoded.error.message : undefined;
  const event = decoded.value;
  const fault = placement.mayLieHere(record.topic, event);
  if (fault !== undefined) return fault.message;
  if (!isRing) return undefined;
  // By its id copies are dropped, and by its key it is in one partition with all that its rows are made of.
  if (record.id !== event.id) return 'The record has another id than the event in it.';
  if (record.key !== keyOf(event)) return 'The record has another key than its event asks for.';
  return foreignIdIn(event);
}
