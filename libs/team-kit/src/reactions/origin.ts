import { deriveUuidv7 } from '@ringside/core';
import { createEvent, type EventDefinition, type RingsideEvent } from '@ringside/events';

import type { ReactionContext } from '../subscriber.js';

/** An event that follows from another. `label` tells it from whatever else follows from the same one: its id derives from both. */
export function following<Data>(
  cause: RingsideEvent,
  { region, source }: ReactionContext,
  {
    definition,
    label,
    data,
  }: { readonly definition: EventDefinition<string, Data>; readonly label: string; readonly data: Data },
): RingsideEvent {
  return createEvent(definition, {
    data,
    id: deriveUuidv7(cause.id, `${source}/${label}`),
    time: cause.time,
    region,
    source,
    correlationId: cause.correlationId,
    causationId: cause.id,
  }) as RingsideEvent;
}
