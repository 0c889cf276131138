import { caseEventDefinitions, definitions, type CaseEvent, type EventDefinition, type RingsideEvent } from '@ringside/events';
import fc from 'fast-check';
import * as z from 'zod';

type Schema = z.core.$ZodType;

/** What Zod keeps of a schema, as far as the contract's are made of it; by its type, only some of it is there. */
interface Definition {
  readonly type: string;
  readonly shape: Readonly<Record<string, Schema>>;
  /** What fields have to do with each other. */
  readonly checks?: readonly unknown[];
  readonly entries: Readonly<Record<string, string>>;
  readonly element: Schema;
  readonly innerType: Schema;
  readonly keyType: Schema;
  readonly valueType: Schema;
}

/** Whatever the contract takes as text somewhere: each field gets those of these that it takes. */
const texts: readonly fc.Arbitrary<string>[] = [
  fc.date({ min: new Date(0), max: new Date(Date.UTC(9999, 11, 31)), noInvalidDate: true }).map((date) => date.toISOString()),
  fc.stringMatching(/^[a-z][a-z0-9]{0,31}$/),
  fc.webUrl({ validSchemes: ['http', 'https'], withQueryParameters: true }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map((text) => text.slice(0, 40).toWellFormed()),
];

/** A zero below zero is a zero in JSON, and nothing may be named like the prototype. */
const json = fc
  .dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 })
  .map((value) => JSON.parse(JSON.stringify(value)) as object)
  .filter((value) => !JSON.stringify(value).includes('__proto__'));

/** Values that a schema takes, for the kinds of schemas that the contract is made of. Throws for any other kind. */
export function valuesOf(schema: Schema): fc.Arbitrary<unknown> {
  const def = schema._zod.def as unknown as Definition;
  const { least, most } = boundsOf(schema);
  switch (def.type) {
    case 'object':
      return def.checks === undefined || def.checks.length === 0
        ? recordsOf(def.shape)
        : recordsOf(def.shape).filter((values) => z.safeParse(schema, values).success);
    case 'array':
      return fc.array(valuesOf(def.element), { minLength: least, maxLength: Math.min(most, least + 3) });
    case 'string':
      return textsOf(schema as z.ZodType);
    case 'number':
      return fc.integer({ min: least, max: Math.min(most, least + 2 ** 24) });
    case 'boolean':
      return fc.boolean();
    case 'enum':
      return fc.constantFrom(...Object.values(def.entries));
    case 'nullable':
      return fc.option(valuesOf(def.innerType), { nil: null });
    case 'optional':
      return valuesOf(def.innerType);
    case 'record':
      return fc.dictionary(valuesOf(def.keyType) as fc.Arbitrary<string>, valuesOf(def.valueType), { maxKeys: 3 });
    case 'unknown':
      return json;
    default:
      throw new TypeError(`There are no values for a schema of the kind ${def.type} yet.`);
  }
}

/** Of a number, or of the length of a list; 0 and endless where the schema sets none. */
function boundsOf({ _zod: { def } }: Schema): { readonly least: number; readonly most: number } {
  const checks = (def.checks ?? []).map((check) => check._zod.def as unknown as Record<string, string | number>);
  const named = (field: string, ...kinds: string[]): number[] =>
    checks.flatMap((check) => (kinds.includes(String(check['check'])) ? [Number(check[field])] : []));
  return {
    least: Math.max(0, ...named('minimum', 'min_length'), ...named('value', 'greater_than')),
    most: Math.min(Infinity, ...named('maximum', 'max_length'), ...named('value', 'less_than')),
  };
}

const isOptional = (schema: Schema): boolean => (schema._zod.def as { type: string }).type === 'optional';

function recordsOf(shape: Readonly<Record<string, Schema>>): fc.Arbitrary<unknown> {
  const values = Object.fromEntries(Object.entries(shape).map(([name, schema]) => [name, valuesOf(schema)]));
  return fc.record(values, { requiredKeys: Object.keys(shape).filter((name) => !isOptional(shape[name]!)) });
}

function textsOf(schema: z.ZodType): fc.Arbitrary<string> {
  const takes = (text: string): boolean => schema.safeParse(text).success;
  const taken = texts.filter((some) => fc.sample(some, { numRuns: 10, seed: 1 }).some(takes));
  return fc.oneof(...taken).filter(takes);
}

/** Data of an event, of one of its versions. */
export const dataOf = (definition: EventDefinition<string>, version: number = definition.version): fc.Arbitrary<object> =>
  valuesOf(definition.versions[version - 1]!.data) as fc.Arbitrary<object>;

const id = fc
  .tuple(fc.nat({ max: Date.UTC(9999, 0, 1) }), fc.stringMatching(/^[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/))
  .map(([ms, rest]) => {
    const time = ms.toString(16).padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${rest}`;
  });
const [time, word] = [texts[0]!, texts[1]!];
const envelope = fc.record(
  {
    ...{ id, source: word, time, region: word, correlationId: word, causationId: word },
    traceparent: fc.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
  },
  { requiredKeys: ['id', 'source', 'time', 'region', 'correlationId'] },
);

/** An event as it lies in the log at one of its versions: not what the code of today would write where that is an old one. */
export const recorded = (
  definition: EventDefinition<string>,
  version: number = definition.version,
): fc.Arbitrary<Readonly<Record<string, unknown>>> =>
  fc.tuple(envelope, dataOf(definition, version)).map(([around, data]) => ({
    ...around,
    ...{ type: definition.type, version, zone: definition.zone },
    // Of old data the stream's name may not be made; nothing depends on it here.
    ...(version === definition.version
      ? { stream: definition.stream(data as never), sequence: definition.sequence(data as never) }
      : { stream: 'as-it-was', sequence: 1 }),
    data,
  }));

/** Any event of the contract, of its current version. Its fields have nothing to do with each other. */
export const anyEvent: fc.Arbitrary<RingsideEvent> = fc.oneof(
  ...definitions.map((definition) => recorded(definition) as unknown as fc.Arbitrary<RingsideEvent>),
);

/** Any step of a case, whatever came before it. */
export const anyCaseEvent: fc.Arbitrary<CaseEvent> = fc.oneof(
  ...caseEventDefinitions.map((definition) => recorded(definition) as unknown as fc.Arbitrary<CaseEvent>),
);
