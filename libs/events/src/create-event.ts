import { uuidv7, type IsoTime } from '@ringside/core';
import { encodeEvent } from './codec.js';
import { definitions, type RingsideEvent } from './contract.js';
import type { Envelope } from './envelope.js';
import type { EventDefinition } from './define-event.js';

export interface NewEvent<Data> {
  readonly data: Data;
  readonly time: IsoTime;
  readonly region: string;
  /** The service that produces it. */
  readonly source: string;
  /** A new UUIDv7 of `time` where absent. Give one where a retry must be recognised as the same event. */
  readonly id?: string;
  /** The event's own id where absent. */
  readonly correlationId?: string;
  readonly causationId?: string | undefined;
  readonly traceparent?: string | undefined;
}

/** A whole event of the current version. It is not validated here: {@link encodeEvent} does that. */
export function createEvent<Type extends string, Data>(
  definition: EventDefinition<Type, Data>,
  { data, time, region, source, id = uuidv7(Date.parse(time)), correlationId = id, causationId, traceparent }: NewEvent<Data>,
): Envelope<Type, Data> {
  const event: Writable<Envelope<Type, Data>> = {
    id,
    type: definition.type,
    version: definition.version,
    source,
    stream: definition.stream(data),
    sequence: definition.sequence(data),
    time,
    region,
    zone: definition.zone,
    correlationId,
    data,
  };
  // Not by spreading: this is done for every event, and V8 copies such fields one by one in its runtime.
  if (causationId !== undefined) event.causationId = causationId;
  if (traceparent !== undefined) event.traceparent = traceparent;
  return event;
}

type Writable<Object> = { -readonly [Field in keyof Object]: Object[Field] };

/** A record for the event log. */
export interface EventRecord {
  readonly topic: string;
  readonly key: string;
  readonly id: string;
  readonly bytes: Uint8Array;
}

const byType = new Map<string, EventDefinition>(definitions.map((definition) => [definition.type, definition]));

/** The topic of the contract that an event belongs on. */
export const topicOf = ({ type }: Pick<RingsideEvent, 'type'>): string => byType.get(type)!.topic;

/** The key of an event's record: records of one key keep their order. */
export const keyOf = ({ type, data }: RingsideEvent): string => byType.get(type)!.key(data as never);

/** The event as the event log takes it. Throws {@link InvalidEventError} where it breaks the contract. */
export function toRecord(event: RingsideEvent): EventRecord {
  const bytes = encodeEvent(event);
  return { topic: topicOf(event), key: keyOf(event), id: event.id, bytes };
}
