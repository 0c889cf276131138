import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { InvalidArgumentError } from 'commander';

/** A path from a command line, absolute. npm changes to the root of the workspace, and keeps in INIT_CWD where its user is. */
export const pathOfUser = (env: NodeJS.ProcessEnv, path: string): string => resolve(env['INIT_CWD'] ?? process.cwd(), path);

/**
 * Reads the option that names a file for results, for commander: its absolute path. What cannot be written is refused before a run
 * begins: after it, all that it has measured would be lost.
 */
export const fileToWrite =
  (env: NodeJS.ProcessEnv) =>
  (path: string): string => {
    const file = pathOfUser(env, path);
    const fault = whyNotWritable(file);
    if (fault !== undefined) throw new InvalidArgumentError(fault);
    return file;
  };

/** Nothing is written to find out: a file from an earlier run stays as it is until there are new results. */
function whyNotWritable(file: string): string | undefined {
  const directory = dirname(file);
  try {
    if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return `There is no directory ${directory}.`;
    const there = statSync(file, { throwIfNoEntry: false });
    if (there?.isDirectory()) return 'It is a directory.';
    accessSync(there === undefined ? directory : file, constants.W_OK);
    return undefined;
  } catch (error) {
    return `It cannot be written: ${codeOf(error)}.`;
  }
}

/** What `--json` of an earlier run wrote. Throws, in one line with the file, where it cannot be read or `isRun` does not know it. */
export function readEarlierRun<T>(file: string, isRun: (value: unknown) => value is T): T {
  const value = parsed(file, textOf(file));
  if (!isRun(value)) throw new Error(`${file} is not what --json of this version writes: run it again.`);
  return value;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = codeOf(error);
    throw new Error(code === 'ENOENT' ? `There is no file ${file}.` : `${file} cannot be read: ${code}.`, { cause: error });
  }
}

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is no JSON.`, { cause: error });
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
