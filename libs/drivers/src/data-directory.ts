import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { StartupError } from '@ringside/core';

/**
 * May be there before the event log is: a first start that was cut short leaves them, real servers and the development issuer
 * have folders of their own, and `npm start` has its lock there.
 */
const harmless = new Set(['logs', 'views', 'ring', 'issuer', 'start.lock', 'lost+found']);

/**
 * Makes the data directory where it is missing. Throws {@link StartupError} where that cannot be, and for one that holds
 * somebody else's files: the embedded drivers would put their own folders beside them. An empty one is taken, and one that
 * has an event log. It may have folders of regions, each a data directory of its own: those that have an event log are known by it,
 * and those that are about to have one are named.
 */
export async function prepareDataDirectory(directory: string, regions: readonly string[] = []): Promise<void> {
  const names = await makeAndList(resolve(directory)).catch((error: NodeJS.ErrnoException) => {
    throw new StartupError(`The data directory ${directory} cannot be used (${error.message}): name another one.`, {
      cause: error,
    });
  });
  if (names.includes('event-log')) return;
  const isRegion = (name: string): boolean => regions.includes(name) || existsSync(join(directory, name, 'event-log'));
  const foreign = names.find((name) => !harmless.has(name) && !isRegion(name));
  if (foreign === undefined) return;
  throw new StartupError(`The data directory ${directory} holds something else ("${foreign}"): name an empty or a new one.`);
}

/** One step at a time: below a directory that lets nobody make one, such as /proc, Node's recursive `mkdir` tries for ever. */
async function makeAndList(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(directory) === directory) throw error;
  }
  await makeAndList(dirname(directory));
  await mkdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error; // another service was faster
  });
  return readdir(directory);
}
