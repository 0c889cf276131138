/*
 * Module hooks for the runner. They load the TypeScript sources of the sandbox as they are, take `@ringside/*` from the sandbox
 * (its node_modules is the project's own, whose links lead to sources without mutants), and hand a `?load=N` down from a spec to what
 * it imports of the mutated library: a mutant in what a module does while it is loaded needs new modules then, and no new process.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { transform } from '@swc/core';

/** Parts of @ringside/testing that start services and drivers. The specs of pure libraries do not use them; loading them takes seconds. */
const heavy = /^export \* from '\.\/(describe|test)-[a-z-]+\.js';$/gm;

let sandbox;
let renewed;
const entries = new Map();
const compiled = new Map();
const own = new Map(
  ['@jest/globals', 'fast-check'].map((name) => [
    name,
    new URL(`${name.replace('@jest/', 'jest-')}.mjs`, import.meta.url).href,
  ]),
);

export function initialize(data) {
  sandbox = pathToFileURL(`${data.directory}/`).href;
  renewed = (data.renewed ?? ['']).map((folder) => sandbox + folder);
  for (const folder of workspaces(data.directory)) {
    const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    entries.set(name, pathToFileURL(join(folder, 'src/index.ts')).href);
  }
}

/** Folders with a package.json, up to three levels below libs and tools. */
function workspaces(directory) {
  const found = [];
  const visit = (folder, depth) => {
    if (existsSync(join(folder, 'package.json'))) return void found.push(folder);
    if (depth === 0) return;
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory()) visit(join(folder, entry.name), depth - 1);
  };
  for (const top of ['libs', 'tools']) visit(join(directory, top), 3);
  return found;
}

const isSource = (url) => ['libs/', 'tools/'].some((folder) => url?.startsWith(sandbox + folder)) && /\.ts(\?|$)/.test(url);

export async function resolve(specifier, context, nextResolve) {
  const { parentURL } = context;
  const fromSource = isSource(parentURL);
  if (fromSource && own.has(specifier)) return { url: own.get(specifier), shortCircuit: true };
  if (!fromSource) return nextResolve(specifier, context);
  const { href: from, search } = new URL(parentURL);
  const entry = entries.get(specifier);
  if (entry === undefined && !specifier.startsWith('.')) return nextResolve(specifier, context);
  const url = entry ?? new URL(specifier.replace(/\.js$/, '.ts'), from).href;
  const isRenewed = renewed.some((folder) => url.startsWith(folder));
  return { url: isRenewed ? url + search : url, shortCircuit: true };
}

export async function load(url, context, nextLoad) {
  if (!isSource(url)) return nextLoad(url, context);
  const file = fileURLToPath(new URL(url));
  if (!compiled.has(file)) compiled.set(file, compile(file));
  return { format: 'module', source: await compiled.get(file), shortCircuit: true };
}

async function compile(filename) {
  const source = await readFile(filename, 'utf8');
  const light = filename.endsWith('/libs/testing/src/index.ts') ? source.replace(heavy, '') : source;
  const { code } = await transform(light, {
    filename,
    jsc: { parser: { syntax: 'typescript', decorators: true }, target: 'es2022' },
    module: { type: 'es6' },
    isModule: true,
  });
  return code;
}
