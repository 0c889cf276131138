import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartupError } from '@ringside/core';
import { identify, isRunning, type ProcessIdentity } from '@ringside/ring-tool';

/** In the data directory for as long as somebody runs services on it, and after a kill until the next start. */
const lockFile = 'start.lock';
/** Others may take over a lock of somebody who has died at the same moment. */
const attemptsMax = 10;

/**
 * Makes this process the only one that runs services on the directory: two replicators would copy everything twice, and the tokens
 * of one run are no good in the other. The lock of a process that has died is taken over. Resolves with what gives it back. Throws
 * {@link StartupError} where another process has it.
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const lock = join(directory, lockFile);
  const own = `${lock}.${process.pid}`;
  // Linked under its name once it is written: nobody ever reads half of it.
  await writeFile(own, JSON.stringify(identify(process.pid)));
  try {
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      if (await isLinked(own, lock)) return () => rm(lock, { force: true });
      const holder = await holderOf(lock);
      if (holder !== undefined && isRunning(holder)) throw inUse(directory, holder);
      await takeAway(lock, `${own}.old`, directory);
    }
  } finally {
    await rm(own, { force: true });
  }
  throw new StartupError(`Others start on ${directory} at the same time: try again, or name another one with --data.`);
}

const inUse = (directory: string, { pid }: ProcessIdentity): StartupError =>
  new StartupError(
    `The data directory ${directory} is in use: an npm start runs on it (process ${pid}). Stop that one, or name another ` +
      'directory with --data.',
  );

async function isLinked(own: string, lock: string): Promise<boolean> {
  try {
    await link(own, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes what a process that has died has left; what somebody else has put there in between goes back. */
async function takeAway(lock: string, aside: string, directory: string): Promise<void> {
  try {
    await rename(lock, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    const holder = await holderOf(aside);
    if (holder === undefined || !isRunning(holder)) return;
    await isLinked(aside, lock);
    throw inUse(directory, holder);
  } finally {
    await rm(aside, { force: true });
  }
}

/** Undefined where there is none, or nothing that names one. */
async function holderOf(file: string): Promise<ProcessIdentity | undefined> {
  try {
    return (JSON.parse(await readFile(file, 'utf8')) as ProcessIdentity | null) ?? undefined;
  } catch {
    return undefined;
  }
}
