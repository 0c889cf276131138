import { StartupError } from '@ringside/core';
import { type AdminCall, found } from './request.js';
import type { TopicPlace } from './topics.js';

/** A document of JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A type in Avro's notation, in which Pulsar's registry keeps schemas of JSON messages. */
export type AvroType =
  | string
  | readonly AvroType[]
  | { readonly type: 'array'; readonly items: AvroType }
  | { readonly type: 'map'; readonly values: AvroType }
  | AvroRecord;

export interface AvroRecord {
  readonly type: 'record';
  readonly name: string;
  readonly fields: readonly { readonly name: string; readonly type: AvroType; readonly default: null }[];
}

export interface RegistrySchema {
  readonly schema: AvroRecord;
  /** What the registry cannot carry and is left out, each with its place and the reason. */
  readonly omitted: readonly string[];
}

/**
 * What the registry can say of a topic whose records satisfy one of these documents: the fields of all of them, each with its
 * type, none of them required. It then refuses a field that changes its type. What it cannot say (which fields are required,
 * patterns, lengths, closed objects, fields with several types) remains to be validated by whoever encodes and decodes.
 */
export function registrySchema(documents: readonly JsonSchema[]): RegistrySchema {
  const omitted: string[] = [];
  return { schema: record(documents, { name: 'Event', at: '', omitted }), omitted };
}

interface Place {
  readonly name: string;
  /** As a JSON pointer. */
  readonly at: string;
  readonly omitted: string[];
}

const within = ({ name, at, omitted }: Place, part: string): Place => ({
  name: `${name}_${part}`,
  at: `${at}/${part}`,
  omitted,
});

class NotCarried extends Error {}

const scalars: Readonly<Record<string, string>> = { string: 'string', integer: 'long', number: 'double', boolean: 'boolean' };

/** What stands beside null where null may stand as well. A field may always be null in the registry; members of lists say it. */
function besideNull(schema: JsonSchema): JsonSchema {
  if (!Array.isArray(schema['anyOf'])) return schema;
  const [one, ...more] = (schema['anyOf'] as readonly JsonSchema[]).filter(({ type }) => type !== 'null');
  return one !== undefined && more.length === 0 ? one : schema;
}

/** The type of a list's items, or of a map's values. */
function member(schemas: readonly JsonSchema[], place: Place): AvroType {
  const type = merged(schemas, place);
  return schemas.some((schema) => besideNull(schema) !== schema) ? ['null', type] : type;
}

/** The one type of what stands in the same place of several documents, null aside. */
function merged(nullable: readonly JsonSchema[], place: Place): AvroType {
  const schemas = nullable.map(besideNull);
  const [kind, ...others] = new Set(schemas.map((schema) => kindOf(schema)));
  if (kind === undefined) throw new NotCarried('has no type');
  if (others.length > 0) throw new NotCarried(`is ${[kind, ...others].join(' in one event and ')} in another`);
  if (kind === 'array') {
    const items = schemas.map(({ items }) => items as JsonSchema | undefined).filter((one) => one !== undefined);
    return { type: 'array', items: member(items, within(place, 'items')) };
  }
  if (kind === 'map') {
    const values = schemas.map(({ additionalProperties }) => additionalProperties as JsonSchema);
    return { type: 'map', values: member(values, within(place, 'values')) };
  }
  return kind === 'object' ? record(schemas, place) : scalars[kind]!;
}

function record(schemas: readonly JsonSchema[], place: Place): AvroRecord {
  const all = new Map<string, JsonSchema[]>();
  for (const { properties } of schemas) {
    for (const [property, schema] of Object.entries((properties ?? {}) as Record<string, JsonSchema>)) {
      all.set(property, [...(all.get(property) ?? []), schema]);
    }
  }
  const fields = [...all].flatMap(([property, of]) => {
    try {
      if (!/^[A-Za-z_]\w*$/.test(property)) throw new NotCarried('has no name that Avro takes');
      return [{ name: property, type: ['null', merged(of, within(place, property))], default: null }];
    } catch (error) {
      if (!(error instanceof NotCarried)) throw error;
      place.omitted.push(`${place.at}/${property} ${error.message}`);
      return [];
    }
  });
  return { type: 'record', name: place.name, fields };
}

function kindOf({ type, const: constant, enum: values, properties, additionalProperties }: JsonSchema): string {
  const listed = constant !== undefined ? [constant] : Array.isArray(values) ? (values as readonly unknown[]) : [];
  // Of a list of numbers JSON Schema says `number`, even where all of them are whole.
  if (listed.length > 0 && listed.every((value) => Number.isInteger(value))) return 'integer';
  if (type === 'object') {
    if (properties !== undefined) return 'object';
    const hasValues = typeof additionalProperties === 'object' && Object.keys(additionalProperties ?? {}).length > 0;
    if (hasValues) return 'map';
    throw new NotCarried('may have any fields');
  }
  if (type === 'array' || (typeof type === 'string' && type in scalars)) return type;
  const [kind, ...others] = new Set(listed.map((value) => typeof value));
  if (kind !== undefined && kind in scalars && others.length === 0) return kind;
  throw new NotCarried('has no single type');
}

/**
 * Makes this the topic's schema in Pulsar's registry; the same again changes nothing. Throws {@link StartupError} where it is
 * not compatible with what is there (the namespace asks for FULL: old readers read new records and new readers old ones).
 */
export async function uploadSchema(call: AdminCall, place: TopicPlace, schema: AvroRecord): Promise<void> {
  const { tenant, namespace, topic } = place;
  const path = `schemas/${[tenant, namespace, topic].map(encodeURIComponent).join('/')}/schema`;
  const body = JSON.stringify({ type: 'JSON', schema: JSON.stringify(schema), properties: {} });
  const answer = await call(path, { method: 'POST', body });
  if (answer.status === 409) {
    const existing = JSON.parse((await call(path)).text) as ExistingSchema;
    throw new StartupError(
      `The events of topic "${topic}" do not fit the schema that Pulsar has for it (${changesSince(existing, schema)}): ` +
        'a published event never changes, so give what has changed a version and a field of its own.',
    );
  }
  found(path, answer);
}

interface ExistingSchema {
  readonly type: string;
  /** In Avro's notation where the type is JSON. */
  readonly data: string;
}

/** Pulsar's own explanation prints both schemas; this is what differs. */
function changesSince({ type, data }: ExistingSchema, wanted: AvroType): string {
  if (type !== 'JSON') return `somebody else has put one of type ${type} there`;
  const [before, after] = [typesWithin(JSON.parse(data) as AvroType), typesWithin(wanted)];
  const changed = [...after].filter(([at, type]) => before.has(at) && before.get(at) !== type);
  const texts = changed.map(([at, type]) => `${at} was ${before.get(at)} and is ${type}`);
  return texts.length > 0 ? texts.join(', ') : 'somebody else has put another one there';
}

/** Field by field, as JSON pointers. */
function typesWithin(type: AvroType, at = ''): Map<string, string> {
  if (typeof type === 'string') return new Map([[at, type]]);
  // A choice of null and one other. Asked first: lists of JavaScript have `values` as well.
  if ('find' in type) return typesWithin(type.find((one) => one !== 'null') ?? 'null', at);
  if ('fields' in type)
    return new Map(
      type.fields.flatMap((field) => [...typesWithin(field.type, `${at}/${field.name}`)]).concat([[at, 'a record']]),
    );
  if ('items' in type) return typesWithin(type.items, `${at}/items`).set(at, 'a list');
  return typesWithin(type.values, `${at}/values`).set(at, 'a map');
}
