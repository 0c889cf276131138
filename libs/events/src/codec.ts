import { err, ok, type Result } from '@ringside/core';
import * as z from 'zod';
import { InvalidEventError, unknownType, unknownVersion, violationOf, type ContractViolation } from './contract-violation.js';
import { definitions, type RingsideEvent } from './contract.js';
import type { EventDefinition, Upcast } from './define-event.js';
import { eventSchema, type Envelope, type EventContext } from './envelope.js';

export interface Codec<Event> {
  /** The event as bytes. Throws {@link InvalidEventError} where it breaks the contract: that is a bug of its producer. */
  encode(event: Event): Uint8Array;
  /**
   * The event in the bytes, its data brought to the current version. Never throws, whatever the bytes are: what is not an
   * event of the contract is a value.
   */
  decode(bytes: Uint8Array): Result<Event, ContractViolation>;
}

type AnyEvent = Envelope<string, unknown>;
type Outcome = Result<AnyEvent, ContractViolation>;

interface Kind {
  readonly type: string;
  /** `schemas[n - 1]` is that of the whole event at version n: an event of the current version is validated in one pass. */
  readonly schemas: readonly z.ZodType<AnyEvent>[];
  /** `upcasts[n - 1]` leads from version n to n + 1. */
  readonly upcasts: readonly Upcast<never, unknown>[];
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function codecOf<Event extends AnyEvent>(contract: readonly EventDefinition[]): Codec<Event> {
  const kinds = new Map(contract.map((definition) => [definition.type, kindOf(definition)]));
  return {
    encode: (event) => encode(kinds, event),
    decode: (bytes) => decode(kinds, bytes) as Result<Event, ContractViolation>,
  };
}

function kindOf({ type, zone, versions }: EventDefinition): Kind {
  const schemas = versions.map(({ data }, index) => z.compile(eventSchema({ type, version: index + 1, zone }, data)));
  return { type, schemas, upcasts: versions.flatMap(({ upcast }) => upcast ?? []) };
}

function encode(kinds: ReadonlyMap<string, Kind>, event: AnyEvent): Uint8Array {
  const kind = kinds.get(event.type);
  if (kind === undefined) throw new InvalidEventError(unknownType(event.type));
  const parsed = kind.schemas.at(-1)!.safeParse(event);
  if (!parsed.success) throw new InvalidEventError(violationOf(kind.type, parsed.error));
  return Buffer.from(JSON.stringify(parsed.data), 'utf8');
}

function decode(kinds: ReadonlyMap<string, Kind>, bytes: Uint8Array): Outcome {
  let parsed: unknown;
  try {
    parsed = JSON.parse(utf8.decode(bytes));
  } catch {
    return err({ code: 'not_json', message: 'The bytes are not JSON in UTF-8.', pointers: [] });
  }
  const { type, version } = (parsed ?? {}) as Record<string, unknown>;
  if (typeof type !== 'string' || !Number.isSafeInteger(version)) return err(noEnvelope);
  const kind = kinds.get(type);
  if (kind === undefined) return err(unknownType(type));
  const schema = kind.schemas[(version as number) - 1];
  if (schema === undefined) return err(unknownVersion(type, version as number, kind.schemas.length));
  const valid = schema.safeParse(parsed);
  if (!valid.success) return err(violationOf(`${type} version ${String(version)}`, valid.error));
  return version === kind.schemas.length ? ok(valid.data) : upcast(kind, valid.data);
}

function upcast({ type, schemas, upcasts }: Kind, { version, data, ...context }: AnyEvent): Outcome {
  const from = `${type} version ${version}, brought to version ${schemas.length},`;
  try {
    const current = upcasts.slice(version - 1).reduce((older, step) => step(older as never, context as EventContext), data);
    const valid = schemas.at(-1)!.safeParse({ ...context, version: schemas.length, data: current });
    return valid.success ? ok(valid.data) : err({ ...violationOf(from, valid.error), code: 'upcast_failed' });
  } catch {
    return err({ code: 'upcast_failed', message: `${from} made an upcaster throw.`, pointers: [] });
  }
}

const noEnvelope: ContractViolation = {
  code: 'invalid_envelope',
  message: 'The JSON is not an event: it has no type and version.',
  pointers: [],
};

export const { encode: encodeEvent, decode: decodeEvent } = codecOf<RingsideEvent>(definitions);
