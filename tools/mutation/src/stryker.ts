import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { StartupError } from '@ringside/core';

import { libraries, type Library } from './libraries.js';
import type { MutationReport } from './outcome.js';

export const root = resolve(import.meta.dirname, '../../..');
const stryker = join(root, 'tools/mutation/stryker');

let running: ChildProcess | undefined;

/** Ends what runs now, with the processes that it has started. */
export const stop = (): void => void running?.kill('SIGTERM');

async function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  // What Stryker says of its progress is for people: stdout is kept for the table.
  running = spawn(command, args, { cwd, stdio: ['ignore', 2, 2] });
  const code = await new Promise<number | null>((done, fail) => running!.once('error', fail).once('exit', done));
  running = undefined;
  if (code !== 0) throw new StartupError(`${[command, ...args].join(' ')} ended with ${code ?? 'a signal'}.`);
}

/** Installs Stryker as its lock file says, unless it is there. */
export async function installStryker(): Promise<void> {
  const installed = join(stryker, 'node_modules/.package-lock.json');
  const isCurrent =
    existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(stryker, 'package-lock.json')).mtimeMs;
  if (!isCurrent) await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], stryker);
}

/** Mutates a library and runs its specs; what came of each mutant. */
export async function mutate(library: Library, fresh: boolean): Promise<MutationReport> {
  const output = join('.cache/mutation', library);
  const task = JSON.stringify({ folder: libraries[library], output, fresh });
  await run(process.execPath, [join(stryker, 'run.mjs'), task], root);
  return JSON.parse(readFileSync(join(root, output, 'mutation.json'), 'utf8')) as MutationReport;
}
