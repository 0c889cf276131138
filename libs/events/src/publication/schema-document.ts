import * as z from 'zod';
import type { EventDefinition, Version } from '../define-event.js';
import { personalAnnotation } from '../personal.js';
import type { JsonSchema } from '../record-schemas.js';

/** The JSON Schema (2020-12) of the data of one version, as it is published. */
export function schemaDocument({ type, topic, zone }: EventDefinition, version: number, { data, key }: Version): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(data, { target: 'draft-2020-12' });
  return { $schema, $id: `urn:ringside:event:${type}:${version}`, 'x-topic': topic, 'x-zone': zone, 'x-key': key, ...schema };
}

/** The same document makes the same text: keys stay in the order of the declaration. */
export const textOf = (document: unknown): string => `${JSON.stringify(document, null, 2)}\n`;

/** JSON pointers of everything in the schema that is marked as personal, however deep it lies. */
export function personalWithin(schema: unknown, pointer = ''): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = (schema as JsonSchema)[personalAnnotation] === true ? [pointer] : [];
  return [...own, ...Object.entries(schema).flatMap(([key, part]) => personalWithin(part, `${pointer}/${key}`))];
}
