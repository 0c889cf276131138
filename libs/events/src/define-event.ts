import type * as z from 'zod';
import type { Envelope, EventContext } from './envelope.js';
import { isPersonal, type ContainsPersonal } from './personal.js';
import type { Topic, Zone } from './topics.js';

/** What comes off the log is not to be changed: other handlers of the same process hold the same object. */
export type Immutable<T> = T extends readonly (infer Item)[]
  ? readonly Immutable<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Immutable<T[Key]> }
    : T;

export type DataSchema = z.ZodObject;
export type DataOf<Schema extends z.ZodType> = Immutable<z.output<Schema>>;

/** Makes data of version n + 1 out of valid data of version n. Pure. */
export type Upcast<From, To> = (data: From, context: EventContext) => To;

/** The versions of an event's data: `schemas[n - 1]` is version n, `upcasts[n - 1]` leads from version n to n + 1. */
export interface Versions<Current extends DataSchema, All extends DataSchema = Current> {
  readonly schemas: readonly All[];
  readonly upcasts: readonly Upcast<never, unknown>[];
  /** Adds a version. Without an upcaster from the one before it there is none. */
  next<Next extends DataSchema>(schema: Next, upcast: Upcast<DataOf<Current>, DataOf<Next>>): Versions<Next, All | Next>;
}

export const firstVersion = <First extends DataSchema>(schema: First): Versions<First> => versionsOf([schema], []);

function versionsOf<Current extends DataSchema, All extends DataSchema>(
  schemas: readonly All[],
  upcasts: readonly Upcast<never, unknown>[],
): Versions<Current, All> {
  return {
    schemas,
    upcasts,
    next: (schema, upcast) => versionsOf([...schemas, schema], [...upcasts, upcast]),
  };
}

/** Fields of the data whose values are strings: only such a field can be the key. */
type StringField<Data> = { [Field in keyof Data]-?: Data[Field] extends string ? Field : never }[keyof Data] & string;

type Compiles<Of extends Topic, All> = Of['zone'] extends 'global'
  ? true extends ContainsPersonal<All>
    ? { readonly versions: 'A global event must not have personal fields: move them to a regional event.' }
    : unknown
  : unknown;

export interface EventDeclaration<Type extends string, Of extends Topic, Current extends DataSchema, All extends DataSchema> {
  readonly type: Type;
  readonly topic: Of;
  /** The field that orders events: those with one value stay in order and come from one partition. */
  readonly key: StringField<DataOf<Current>>;
  readonly stream: (data: DataOf<Current>) => string;
  readonly sequence: (data: DataOf<Current>) => number;
  readonly versions: Versions<Current, All>;
}

export interface EventDefinition<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly topic: string;
  readonly zone: Zone;
  /** The current version. */
  readonly version: number;
  readonly keyField: string;
  /** Top-level fields of the current version that are marked as personal. */
  readonly personal: readonly string[];
  readonly schemas: readonly DataSchema[];
  readonly upcasts: readonly Upcast<never, unknown>[];
  key(data: Data): string;
  stream(data: Data): string;
  sequence(data: Data): number;
}

export type DataOfDefinition<Definition> = Definition extends EventDefinition<string, infer Data> ? Data : never;
export type EventOf<Definition> = Definition extends EventDefinition<infer Type, infer Data> ? Envelope<Type, Data> : never;

/** Declares an event. A personal field in an event of a global topic does not compile. */
export function defineEvent<
  const Type extends string,
  const Of extends Topic,
  Current extends DataSchema,
  All extends DataSchema,
>(declaration: EventDeclaration<Type, Of, Current, All> & Compiles<Of, All>): EventDefinition<Type, DataOf<Current>> {
  const { type, topic, key, stream, sequence, versions } = declaration as EventDeclaration<Type, Of, Current, All>;
  const { schemas, upcasts } = versions;
  const current = schemas.at(-1)!;
  return {
    type,
    topic: topic.topic,
    zone: topic.zone,
    version: schemas.length,
    keyField: key,
    personal: Object.entries(current.shape)
      .filter(([, field]) => isPersonal(field as z.ZodType))
      .map(([name]) => name),
    schemas,
    upcasts,
    key: (data) => (data as Record<string, string>)[key]!,
    stream,
    sequence,
  };
}
