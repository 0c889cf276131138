import type { OpenAPIObject } from '@nestjs/swagger';

interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: unknown;
  allOf?: Schema[];
  oneOf?: Schema[];
  anyOf?: Schema[];
}

/**
 * Says of the DTOs that routes take as bodies what validation makes of all of them: no other fields, and null is as good as absent.
 */
export function closeBodies({ paths, components }: OpenAPIObject): void {
  const schemas = (components?.schemas ?? {}) as Record<string, Schema>;
  const closed = new Set<string>();
  const close = (schema: Schema | undefined): void => {
    if (schema === undefined) return;
    for (const part of [schema.items, ...(schema.allOf ?? []), ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])]) close(part);
    const name = schema.$ref?.split('/').at(-1);
    if (name === undefined || closed.has(name)) return;
    closed.add(name);
    const dto = schemas[name];
    if (dto?.properties === undefined) return;
    dto.additionalProperties ??= false;
    for (const [field, property] of Object.entries(dto.properties)) {
      close(property);
      if (!dto.required?.includes(field)) dto.properties[field] = orNull(property);
    }
  };
  for (const item of Object.values(paths)) {
    for (const operation of [item.post, item.put, item.patch]) {
      const body = operation?.requestBody;
      if (!body || !('content' in body)) continue;
      const schema = body.content['application/json']?.schema as Schema | undefined;
      close(schema);
      const dto = schemas[schema?.$ref?.split('/').at(-1) ?? ''];
      // Without a body no field is there, which is fine where none has to be.
      if (dto && (dto.required ?? []).length === 0) body.required = false;
    }
  }
}

/** Keeps what describes the field beside, where documentation shows it. */
function orNull(schema: Schema): Schema {
  if (schema.type === undefined) return { anyOf: [schema, { type: 'null' }] };
  const types = [schema.type].flat();
  if (types.includes('null')) return schema;
  return { ...schema, type: [...types, 'null'], ...(schema.enum && { enum: [...schema.enum, null] }) };
}
