import * as z from 'zod';

declare const personalMark: unique symbol;

/** A schema of what says something about a person. It compiles in no event whose zone is global. */
export type Personal<Schema extends z.ZodType> = Schema & { readonly [personalMark]: true };

/** The annotation that marks a personal field in the published JSON Schema. */
export const personalAnnotation = 'x-personal';

/** Marks a field as personal, for the compiler and in the JSON Schema. Wrap the whole field: `personal(freeText(80).exactOptional())`. */
export const personal = <Schema extends z.ZodType>(schema: Schema): Personal<Schema> =>
  schema.meta({ [personalAnnotation]: true }) as Personal<Schema>;

/** True where the schema, or one within it, is marked as personal. */
export type ContainsPersonal<Schema> = Schema extends { readonly [personalMark]: true }
  ? true
  : Schema extends z.ZodObject<infer Shape>
    ? true extends { [Field in keyof Shape]: ContainsPersonal<Shape[Field]> }[keyof Shape]
      ? true
      : false
    : Schema extends z.ZodArray<infer Element>
      ? ContainsPersonal<Element>
      : Schema extends { readonly _zod: { readonly def: { readonly innerType: infer Inner } } }
        ? ContainsPersonal<Inner>
        : false;

/** Whether the field itself is marked. */
export const isPersonal = (schema: z.ZodType): boolean => schema.meta()?.[personalAnnotation] === true;
