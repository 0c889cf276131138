import { resolve } from 'node:path';
import { StartupError } from '@ringside/core';
import { readOptions } from './options.js';
import { run } from './run.js';

/** Ctrl-C under npm arrives twice, from the terminal and from npm: what follows the first so soon is the same wish. */
const sameSignalMs = 500;
const parentCheckMs = 250;

const root = resolve(import.meta.dirname, '../../..');
const options = readOptions(process.argv, process.env, root);

const stopping = new AbortController();
const killing = new AbortController();
let firstSignalAt = 0;
function stop(): void {
  if (stopping.signal.aborted && performance.now() - firstSignalAt > sameSignalMs) killing.abort();
  if (stopping.signal.aborted) return;
  firstSignalAt = performance.now();
  stopping.abort();
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, stop);
}
// A signal to npm ends npm and the shell between, and never reaches this process: it notices that its parent has gone.
const parent = process.ppid;
if (process.env['npm_lifecycle_event'] !== undefined) {
  setInterval(() => process.ppid !== parent && !stopping.signal.aborted && stop(), parentCheckMs).unref();
}

try {
  const surroundings = { root, env: process.env, print: (line: string) => console.log(line), signal: stopping.signal };
  process.exitCode = await run(options, { ...surroundings, killSignal: killing.signal });
} catch (error) {
  console.error(error instanceof StartupError ? error.message : error);
  process.exitCode = 1;
}
