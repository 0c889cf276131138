import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { describeSettings } from './config.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const markdownIn = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map(({ name }) => join(folder, name));

const documents = ['', 'docs', 'docs/adr'].flatMap(markdownIn);

function sourcesIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const { name } = entry;
    if (entry.isDirectory()) return name === 'node_modules' || name === 'dist' ? [] : sourcesIn(join(folder, name));
    return name.endsWith('.ts') && !name.endsWith('.spec.ts') ? [join(folder, name)] : [];
  });
}

const projects = Object.keys((JSON.parse(read('package-lock.json')) as { packages: object }).packages);

/** There, or of a project that was taken out of this copy of the workspace (tools/checks/without-team.mjs). */
const isKnown = (path: string): boolean =>
  existsSync(join(root, path)) ||
  projects.some((folder) => folder !== '' && `${path}/`.startsWith(`${folder}/`) && !existsSync(join(root, folder)));

/** The address that a heading has on a page, as GitHub makes it. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (document: string): readonly string[] =>
  [...read(document).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading!));

describe('the documentation', () => {
  it('names every setting with its default', () => {
    const rows = new Map(
      [...read('README.md').matchAll(/^\| `(RINGSIDE_\w+)` +\| (.*?) *\|/gm)].map(([, name, value]) => [name, value]),
    );
    const settings = describeSettings(3000);
    expect([...rows.keys()]).toEqual(settings.map(({ variable }) => variable));
    for (const { variable, default: value } of settings) {
      const expected = variable === 'RINGSIDE_PORT' ? '3000, 3001, 3002, 3003, 3004' : value === '' ? 'none' : `\`${value}\``;
      expect([variable, rows.get(variable)]).toEqual([variable, expected]);
    }
  });

  it('names every metric, and none that does not exist', () => {
    const declared = sourcesIn('libs').flatMap((file) =>
      [...read(file).matchAll(/name(?:: | = )'((?:ringside|http_server)_[a-z_]+)'/g)].map(([, name]) => name!),
    );
    const documented = [...read('docs/metrics.md').matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name!);
    expect(declared.length).toBeGreaterThan(5);
    expect(documented.sort()).toEqual(declared.sort());
  });

  it.each(documents)('%s has links that lead somewhere', (document) => {
    const broken = [...read(document).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target]) => target!)
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => {
        const [path, anchor] = target.split('#');
        const file = path === '' ? document : join(dirname(document), path!);
        if (!existsSync(join(root, file))) return true;
        return anchor !== undefined && !anchorsOf(file).includes(anchor);
      });
    expect(broken).toEqual([]);
  });

  it.each(documents)('%s names files that are there', (document) => {
    const named = [...read(document).matchAll(/`((?:apps|libs|tools|e2e|docker|docs|\.ci)\/[\w./-]+)`/g)].map(
      ([, path]) => path!,
    );
    expect(named.filter((path) => !isKnown(path))).toEqual([]);
  });

  it('quotes code as it is in the file that it names', () => {
    const quotes = [...read('README.md').matchAll(/^```ts\n\/\/ (\S+)\n([\s\S]*?)^```$/gm)];
    expect(quotes.length).toBeGreaterThan(0);
    for (const [, file, code] of quotes) {
      expect([file, isKnown(file!)]).toEqual([file, true]);
      if (existsSync(join(root, file!))) expect(read(file!)).toContain(code!);
    }
  });
});
