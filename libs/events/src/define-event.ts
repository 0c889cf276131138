import type * as z from 'zod';
import type { Envelope, EventContext } from './envelope.js';
import { isPersonal, type ContainsPersonal } from './personal.js';
import type { Topic, Zone } from './topics.js';

/** What comes off the log is not to be changed: other handlers of the same process hold the same object. */
export type Immutable<T> = T extends readonly (infer Item)[]
  ? readonly Immutable<Item>[]
  : T extends object
    ? string extends keyof T
      ? T
      : { readonly [Key in keyof T]: Immutable<T[Key]> }
    : T;

export type DataSchema = z.ZodObject;
export type DataOf<Schema extends z.ZodType> = Immutable<z.output<Schema>>;

/** Fields of the data whose values are strings: only such a field can be the key. */
type StringField<Data> = { [Field in keyof Data]-?: Data[Field] extends string ? Field : never }[keyof Data] & string;

/** Makes data of version n + 1 out of valid data of version n. Pure. */
export type Upcast<From, To> = (data: From, context: EventContext) => To;

export interface VersionDeclaration<Schema extends DataSchema> {
  readonly data: Schema;
  /** The field that orders events: those with one value stay in order and come from one partition. */
  readonly key: StringField<DataOf<Schema>>;
}

export interface Version {
  readonly data: DataSchema;
  readonly key: string;
  /** From the version before this one; null for the first. */
  readonly upcast: Upcast<never, unknown> | null;
}

/** The versions of an event: `list[n - 1]` is version n. */
export interface Versions<Current extends DataSchema, All extends DataSchema = Current> {
  readonly list: readonly Version[];
  /** Adds a version. Without an upcaster from the one before it there is none. */
  next<Next extends DataSchema>(
    version: VersionDeclaration<Next> & { readonly upcast: Upcast<DataOf<Current>, DataOf<Next>> },
  ): Versions<Next, All | Next>;
}

export const firstVersion = <First extends DataSchema>({ data, key }: VersionDeclaration<First>): Versions<First> =>
  versionsOf([{ data, key, upcast: null }]);

const versionsOf = <Current extends DataSchema, All extends DataSchema>(list: readonly Version[]): Versions<Current, All> => ({
  list,
  next: ({ data, key, upcast }) => versionsOf([...list, { data, key, upcast }]),
});

/** What keeps a declaration from compiling: the message shows where the compiler complains. */
type Lawful<Of extends Topic, All> = Of['zone'] extends 'global'
  ? true extends ContainsPersonal<All>
    ? { readonly versions: 'A global event must not have personal fields: move them to a regional event.' }
    : unknown
  : unknown;

export interface EventDeclaration<Type extends string, Of extends Topic, Current extends DataSchema, All extends DataSchema> {
  readonly type: Type;
  /** Decides the zone. */
  readonly topic: Of;
  readonly stream: (data: DataOf<Current>) => string;
  readonly sequence: (data: DataOf<Current>) => number;
  readonly versions: Versions<Current, All>;
}

export interface EventDefinition<Type extends string = string, Data = never> {
  readonly type: Type;
  readonly topic: string;
  readonly zone: Zone;
  /** The current version. */
  readonly version: number;
  /** Top-level fields of the current version that are marked as personal. */
  readonly personal: readonly string[];
  /** `versions[n - 1]` is version n. */
  readonly versions: readonly Version[];
  key(data: Data): string;
  stream(data: Data): string;
  sequence(data: Data): number;
}

export type EventOf<Definition> = Definition extends EventDefinition<infer Type, infer Data> ? Envelope<Type, Data> : never;

/** Declares an event. A personal field in an event of a global topic does not compile. */
export function defineEvent<
  const Type extends string,
  const Of extends Topic,
  Current extends DataSchema,
  All extends DataSchema,
>(declaration: EventDeclaration<Type, Of, Current, All> & Lawful<Of, All>): EventDefinition<Type, DataOf<Current>> {
  const { type, topic, stream, sequence, versions }: EventDeclaration<Type, Of, Current, All> = declaration;
  const current = versions.list.at(-1)!;
  return {
    type,
    topic: topic.topic,
    zone: topic.zone,
    version: versions.list.length,
    personal: Object.keys(current.data.shape).filter((field) => isPersonal(current.data.shape[field] as z.ZodType)),
    versions: versions.list,
    key: (data) => (data as Record<string, string>)[current.key]!,
    stream,
    sequence,
  };
}
