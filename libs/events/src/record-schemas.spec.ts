import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { recordSchemasOf, topics } from './index.js';

const libraryFolder = new URL('../', import.meta.url);
const schemaFolder = new URL('schemas/', libraryFolder);

/** Names of the published versions of a topic's events, with the schema of their data. */
const published = (topic: string) =>
  readdirSync(schemaFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) =>
      readdirSync(new URL(`${name}/`, schemaFolder)).map((file) => {
        const document = JSON.parse(readFileSync(new URL(`${name}/${file}`, schemaFolder), 'utf8')) as Record<string, unknown>;
        return { title: `${name} version ${/\d+/.exec(file)![0]}`, document };
      }),
    )
    .filter(({ document }) => document['x-topic'] === topic);

describe('the schemas of what lies in a topic', () => {
  it.each(topics.map(({ topic }) => topic))('are those of every published version in %s, within its envelope', (topic) => {
    const schemas = recordSchemasOf(topic) as readonly Record<string, never>[];
    const versions = published(topic);
    expect(schemas.map(({ title }) => title).sort()).toEqual(versions.map(({ title }) => title).sort());
    for (const { title, document } of versions) {
      const { properties } = schemas.find((schema) => schema['title'] === title) as unknown as {
        properties: Record<string, { const?: unknown; properties?: unknown; required?: unknown }>;
      };
      expect(properties['data']!.properties).toEqual(document['properties']);
      expect(properties['data']!.required).toEqual(document['required']);
      expect(`${String(properties['type']!.const)} version ${String(properties['version']!.const)}`).toBe(title);
      expect(properties['zone']!.const).toBe(document['x-zone']);
    }
  });

  it('are none for a topic that is not of the contract', () => {
    expect(recordSchemasOf('weather')).toEqual([]);
  });
});
