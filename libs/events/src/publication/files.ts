import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Publication } from './publication.js';
import { textOf } from './schema-document.js';

/** The folder of this library, seen from its sources as from its build. */
export const libraryFolder = fileURLToPath(new URL('../../', import.meta.url));

const lockFile = join('schemas', 'published.json');
const asyncApiFile = join('schemas', 'asyncapi.json');

export function readPublication(folder: string): Publication {
  const lock = read(join(folder, lockFile));
  return {
    schemas: new Map(versionFiles(join(folder, 'schemas'))),
    fixtures: new Map(versionFiles(join(folder, 'fixtures')).map(([name, text]) => [name, JSON.parse(text) as unknown[]])),
    published: new Map(lock === '' ? [] : Object.entries(JSON.parse(lock) as Record<string, string>)),
    asyncApi: read(join(folder, asyncApiFile)),
  };
}

/** Writes schema files, the lock and the AsyncAPI document. Fixtures are written by people. */
export function writePublication(folder: string, { schemas, published, asyncApi }: Omit<Publication, 'fixtures'>): void {
  for (const [name, text] of schemas) write(join(folder, 'schemas', `${name}.json`), text);
  write(join(folder, lockFile), textOf(Object.fromEntries([...published].sort(([a], [b]) => (a < b ? -1 : 1)))));
  write(join(folder, asyncApiFile), asyncApi);
}

/** Name (`<Event>/v<n>`) and text of every file `<Event>/v<n>.json`. */
function versionFiles(folder: string): readonly (readonly [string, string])[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name: event }) =>
      readdirSync(join(folder, event)).map((file) => {
        const name = `${event}/${file.replace(/\.json$/, '')}`;
        return [name, readFileSync(join(folder, event, file), 'utf8')] as const;
      }),
    );
}

const read = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
