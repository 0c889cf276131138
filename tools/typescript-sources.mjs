/*
 * Lets a process that a spec starts run the TypeScript sources as they are, without a build:
 * node --import <this file> --conditions=@ringside/source <a .ts file>
 */
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { transform } from '@swc/core';

// Node runs the hooks below in a thread of their own, which loads this file once more.
if (isMainThread) register(import.meta.url);

export async function resolve(specifier, context, nextResolve) {
  const ofSource = specifier.startsWith('.') && context.parentURL?.endsWith('.ts');
  return nextResolve(ofSource ? specifier.replace(/\.js$/, '.ts') : specifier, context);
}

export async function load(url, context, nextLoad) {
  if (!url.endsWith('.ts')) return nextLoad(url, context);
  const filename = fileURLToPath(url);
  const { code } = await transform(await readFile(filename, 'utf8'), {
    filename,
    jsc: { parser: { syntax: 'typescript', decorators: true }, target: 'es2022' },
    module: { type: 'es6' },
    sourceMaps: 'inline',
  });
  return { format: 'module', source: code, shortCircuit: true };
}
