import { err, ok, type Result } from '@ringside/core';
import * as z from 'zod';
import { InvalidEventError, violationOf, type ContractViolation } from './contract-violation.js';
import { definitions, type RingsideEvent } from './contract.js';
import type { EventDefinition, Upcast } from './define-event.js';
import { envelopeFields, type EventContext } from './envelope.js';

interface Codec {
  /** `schemas[n - 1]` is that of the whole event at version n. */
  readonly schemas: readonly z.ZodType[];
  readonly upcasts: readonly Upcast<never, unknown>[];
}

/** One schema for envelope and data, so that an event of the current version is validated in one pass. */
function codecOf({ type, zone, schemas, upcasts }: EventDefinition<string, never>): Codec {
  const { id, ...fields } = envelopeFields;
  return {
    schemas: schemas.map((data, index) =>
      z.strictObject({ id, type: z.literal(type), version: z.literal(index + 1), ...fields, zone: z.literal(zone), data }),
    ),
    upcasts,
  };
}

const codecs = new Map(definitions.map((definition) => [definition.type as string, codecOf(definition)]));
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The event as bytes. Throws {@link InvalidEventError} where it breaks the contract. */
export function encodeEvent(event: RingsideEvent): Uint8Array {
  const schema = codecs.get(event.type)?.schemas.at(-1);
  if (schema === undefined) throw new InvalidEventError(unknownType(event.type));
  const parsed = schema.safeParse(event);
  if (!parsed.success) throw new InvalidEventError(violationOf(event.type, parsed.error));
  return Buffer.from(JSON.stringify(parsed.data), 'utf8');
}

/** The event in the bytes, brought to the current version. Never throws: what is not an event of the contract is a value. */
export function decodeEvent(bytes: Uint8Array): Result<RingsideEvent, ContractViolation> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(utf8.decode(bytes));
  } catch {
    return err({ code: 'not_json', message: 'The bytes are not JSON in UTF-8.', pointers: [] });
  }
  if (typeof parsed !== 'object' || parsed === null) return err(noEnvelope());
  const { type, version } = parsed as Record<string, unknown>;
  if (typeof type !== 'string' || typeof version !== 'number' || !Number.isInteger(version)) return err(noEnvelope());
  const codec = codecs.get(type);
  if (codec === undefined) return err(unknownType(type));
  const schema = codec.schemas[version - 1];
  if (schema === undefined) return err(unknownVersion(type, version, codec.schemas.length));
  const valid = schema.safeParse(parsed);
  if (!valid.success) return err(violationOf(`${type} version ${version}`, valid.error));
  if (version === codec.schemas.length) return ok(valid.data as RingsideEvent);
  return upcast(codec, valid.data as EventContext & { version: number; data: unknown });
}

function upcast(
  codec: Codec,
  event: EventContext & { version: number; data: unknown },
): Result<RingsideEvent, ContractViolation> {
  const { version, data, ...context } = event;
  try {
    let next = data;
    for (const step of codec.upcasts.slice(version - 1)) next = step(next as never, context as EventContext);
    const valid = codec.schemas.at(-1)!.safeParse({ ...context, version: codec.schemas.length, data: next });
    if (valid.success) return ok(valid.data as RingsideEvent);
    return err({ ...violationOf(`${event.type} version ${version}, upcast,`, valid.error), code: 'upcast_failed' });
  } catch {
    return err({
      code: 'upcast_failed',
      message: `An upcaster of ${event.type} failed on valid data of version ${version}.`,
      pointers: [],
    });
  }
}

const noEnvelope = (): ContractViolation => ({
  code: 'invalid_envelope',
  message: 'The JSON is not an event: it has no type and version.',
  pointers: [],
});

/** What looks like the name of an event may be named; anything else is content. */
const typeShape = /^[A-Z][A-Za-z]{0,63}$/;

const unknownType = (type: unknown): ContractViolation => ({
  code: 'unknown_type',
  message: `The contract has no event ${typeof type === 'string' && typeShape.test(type) ? type : 'of this type'}.`,
  pointers: ['/type'],
});

const unknownVersion = (type: string, version: number, current: number): ContractViolation => ({
  code: 'unknown_version',
  message: `${type} has version ${version}; the contract knows it up to version ${current}: update this service.`,
  pointers: ['/version'],
});
