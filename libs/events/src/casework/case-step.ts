import * as z from 'zod';
import { defineEvent, firstVersion, type EventDefinition, type Upcast, type Versions } from '../define-event.js';
import { line, opaqueId, serviceName } from '../fields.js';
import { casesTopic } from '../topics.js';
import type { DataOf } from '../define-event.js';

/** The longest text that a case worker writes: a note, the facts of a decision. UTF-16 units. */
export const caseTextCharactersMax = 4_000;

/** The team whose case it is, such as `cheating`. */
export const teamName = serviceName;

/** A clause of the rules that the player agreed to, such as `fair-play/2.1`. */
export const policyClause = line(64);

/** Common to all steps of a case. The time of a step is its envelope's. */
const step = {
  caseId: opaqueId,
  team: teamName,
  game: opaqueId,
  subjectId: opaqueId,
  /**
   * Position of the step in its case's history: the term in which it was taken, times {@link stepsPerTerm}, plus a count that goes
   * on from term to term. Before a promotion it is the count alone, from 1 on.
   */
  caseVersion: z.int().min(1),
  /** Who did it: the `sub` of a token, or `system`. */
  by: opaqueId,
};

/** `by` of steps that nobody took: leases that ran out, deadlines, appeals as they come in. */
export const bySystem = 'system';

const schemaOf = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject({ ...step, ...shape });

/** What a field has to do with others. */
export interface Rule<Data> {
  /** The field that is refused where the rule does not hold. */
  readonly field: keyof Data & string;
  readonly holds: (data: Data) => boolean;
}

type StepData<Shape extends z.ZodRawShape> = DataOf<ReturnType<typeof schemaOf<Shape>>>;

const key = 'caseId' as never;

/** An event of a case's stream, on the topic `cases`. */
export const defineCaseEvent = <const Type extends string, Shape extends z.ZodRawShape>(
  type: Type,
  shape: Shape,
  rule?: Rule<StepData<Shape>>,
): EventDefinition<Type, StepData<Shape>> => {
  const schema = schemaOf(shape);
  const data =
    rule === undefined ? schema : schema.refine((data) => rule.holds(data as StepData<Shape>), { path: [rule.field] });
  return defined(type, firstVersion<z.ZodObject>({ data, key }));
};

/** One that has a second version: `upcast` makes its data of the first one's. */
export const redefineCaseEvent = <const Type extends string, Before extends z.ZodRawShape, Shape extends z.ZodRawShape>(
  type: Type,
  before: Before,
  { shape, upcast }: { readonly shape: Shape; readonly upcast: Upcast<StepData<Before>, StepData<Shape>> },
): EventDefinition<Type, StepData<Shape>> => {
  const versions = firstVersion<z.ZodObject>({ data: schemaOf(before), key });
  return defined(type, versions.next<z.ZodObject>({ data: schemaOf(shape), key, upcast: upcast as never }));
};

function defined<const Type extends string, Data>(type: Type, versions: Versions<z.ZodObject>): EventDefinition<Type, Data> {
  return defineEvent({
    type,
    topic: casesTopic,
    stream: (data) => `case-${(data as unknown as { caseId: string }).caseId}`,
    sequence: (data) => (data as unknown as { caseVersion: number }).caseVersion,
    versions,
  }) as unknown as EventDefinition<Type, Data>;
}
