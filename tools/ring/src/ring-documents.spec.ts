import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { policyJsonSchema } from '@ringside/data-ring';
import { parse } from 'yaml';
import * as z from 'zod';

import { ringDocuments } from './ring-documents.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const documents = ringDocuments(read('ring.yaml'));

describe('What is made from ring.yaml', () => {
  it.each([...documents])('is up to date in %s: else run "npm run ring:documents"', (path, text) => {
    expect(read(path)).toBe(text);
  });

  it('includes a schema that takes ring.yaml, and refuses what an editor should underline', () => {
    const schema = z.fromJSONSchema(
      JSON.parse(documents.get('libs/data-ring/ring.schema.json')!) as z.core.JSONSchema.JSONSchema,
    );
    const policy = parse(read('ring.yaml')) as Record<string, unknown>;
    expect(schema.safeParse(policy).error).toBeUndefined();
    expect(schema.safeParse({ ...policy, tennant: 'x' }).success).toBe(false);
    expect(schema.safeParse({ ...policy, regions: undefined }).success).toBe(false);
    expect(schema.safeParse({ ...policy, zones: { global: { kind: 'globl' } } }).success).toBe(false);
  });

  it('stands beside a page that has a row for every zone', () => {
    const { zones } = parse(read('ring.yaml')) as { readonly zones: Readonly<Record<string, object>> };
    const rows = [...read('docs/ring.md').matchAll(/^\| `([a-z-]+)` +\|/gm)].map(([, name]) => name);
    expect(rows).toEqual(expect.arrayContaining(Object.keys(zones)));
  });

  it('is named by ring.yaml, so that editors find the schema', () => {
    expect(read('ring.yaml').split('\n')[0]).toBe('# yaml-language-server: $schema=./libs/data-ring/ring.schema.json');
  });

  it('explains every setting to whoever points at it', () => {
    const undescribed = (node: unknown, path: string): readonly string[] => {
      if (typeof node !== 'object' || node === null) return [];
      const { properties, ...rest } = node as { properties?: Record<string, { description?: string; const?: string }> };
      const own = Object.entries(properties ?? {}).filter(
        ([, property]) => property.description === undefined && property.const === undefined,
      );
      const inner = [...Object.entries(properties ?? {}), ...Object.entries(rest)];
      return [
        ...own.map(([name]) => `${path}/${name}`),
        ...inner.flatMap(([name, part]) => undescribed(part, `${path}/${name}`)),
      ];
    };
    expect(undescribed(policyJsonSchema(), '')).toEqual([]);
  });
});
