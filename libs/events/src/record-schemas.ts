import * as z from 'zod';
import { definitions } from './contract.js';
import { eventSchema } from './envelope.js';

/** A document of JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The JSON Schemas (2020-12) of what lies in a topic, envelope and data: one for each version of each of its events, in the order
 * of the contract. None for a topic that is not of the contract.
 */
export const recordSchemasOf = (topic: string): readonly JsonSchema[] =>
  definitions
    .filter((definition) => definition.topic === topic)
    .flatMap(({ type, zone, versions }) =>
      versions.map(({ data }, index): JsonSchema => {
        const { $schema, ...schema } = z.toJSONSchema(eventSchema({ type, version: index + 1, zone }, data), {
          target: 'draft-2020-12',
        });
        return { $schema, title: `${type} version ${index + 1}`, ...schema };
      }),
    );
