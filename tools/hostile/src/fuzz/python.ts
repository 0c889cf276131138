import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { StartupError } from '@ringside/core';

const exec = promisify(execFile);

const installMsMax = 300_000;
const environmentMsMax = 60_000;

export interface InstallOptions {
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

const pythons = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];

/**
 * A Python with Schemathesis, in an environment of its own under `directory` that is made when it is missing or of another
 * requirements file. Resolves with the path of its `schemathesis`. Throws {@link StartupError} where there is no Python to make
 * it with, or its packages cannot be had.
 */
export async function schemathesisIn(
  directory: string,
  requirements: string,
  { say, signal }: InstallOptions,
): Promise<string> {
  const environment = join(directory, 'python');
  const program = join(environment, 'bin', 'schemathesis');
  const stampFile = join(environment, 'ringside-stamp');
  const stamp = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex');
  if ((await readFile(stampFile, 'utf8').catch(() => '')) === stamp) return program;
  const python = await findPython();
  say(`Installing Schemathesis into ${environment}`);
  await rm(environment, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  try {
    await exec(python, ['-m', 'venv', environment], { timeout: environmentMsMax, signal });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements];
    await exec(join(environment, 'bin', 'python'), pip, { timeout: installMsMax, signal });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    const reason = stderr?.trim().split('\n').at(-1) ?? String(error);
    throw new StartupError(`Schemathesis could not be installed with ${python} (${reason}): leave it out with --skip fuzz.`, {
      cause: error,
    });
  }
  await writeFile(stampFile, stamp);
  return program;
}

async function findPython(): Promise<string> {
  for (const python of pythons) {
    const isRecent = await exec(python, ['-c', 'import sys, venv; sys.exit(sys.version_info < (3, 10))'], {
      timeout: environmentMsMax,
    }).then(
      () => true,
      () => false,
    );
    if (isRecent) return python;
  }
  throw new StartupError(
    'Schemathesis needs Python 3.10 or later with its module venv, and there is none here: install it (on Debian the packages ' +
      'python3 and python3-venv), or leave this part out with --skip fuzz.',
  );
}
