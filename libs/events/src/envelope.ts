import type { IsoTime } from '@ringside/core';
import * as z from 'zod';
import { isoTime, line, opaqueId, regionName, serviceName } from './fields.js';
import type { Zone } from './topics.js';

/**
 * What surrounds every event. Names are those of CloudEvents 1.0 where it has one (`id`, `type`, `source`, `time`, `data`);
 * its `specversion` is left out, for it would be stored with every event and never differ.
 */
export interface Envelope<Type extends string, Data> {
  /** UUIDv7. The identity of the event: whoever has seen it drops a second delivery. */
  readonly id: string;
  readonly type: Type;
  /** Version of `data`. Decoded events have the current one. */
  readonly version: number;
  /** The service that produced it, such as `report-intake`. */
  readonly source: string;
  /** What the event is a part of the history of, such as `report-<reportId>`. */
  readonly stream: string;
  /** Position in the stream, from 1 on. */
  readonly sequence: number;
  /** When it happened, by the clock of the service that produced it. */
  readonly time: IsoTime;
  /** The region in which it was produced. */
  readonly region: string;
  readonly zone: Zone;
  /** Common to all that one request led to; the event's own id where nothing came before it. */
  readonly correlationId: string;
  /** Id of the event or command that led to this one; absent where none did. */
  readonly causationId?: string;
  /** W3C Trace Context of the producing span. */
  readonly traceparent?: string;
  readonly data: Data;
}

/** What an upcaster may know beside the data: all that the envelope says and that no version of the data changes. */
export type EventContext = Omit<Envelope<string, never>, 'data' | 'version'>;

export const streamCharactersMax = 256;

const shape = (pattern: RegExp, message: string) => z.string({ error: message }).regex(pattern, message);
const uuidv7 = shape(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, 'must be a UUID version 7');
const traceparent = shape(/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/, 'must be a W3C traceparent');

export interface EventKind {
  readonly type: string;
  readonly version: number;
  readonly zone: Zone;
}

/** Envelope and data in one schema, in the order in which they are written. */
export const eventSchema = <Data extends z.ZodType>({ type, version, zone }: EventKind, data: Data) =>
  z.strictObject({
    id: uuidv7,
    type: z.literal(type),
    version: z.literal(version),
    source: serviceName,
    stream: line(streamCharactersMax),
    sequence: z.int().min(1),
    time: isoTime,
    region: regionName,
    zone: z.literal(zone),
    correlationId: opaqueId,
    causationId: opaqueId.exactOptional(),
    traceparent: traceparent.exactOptional(),
    data,
  });
