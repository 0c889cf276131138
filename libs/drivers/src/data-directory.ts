import { readdir } from 'node:fs/promises';

import { StartupError } from '@ringside/core';

/** May be there before the event log is: a first start that was cut short leaves them, and real servers have their own folder. */
const harmless = new Set(['logs', 'views', 'ring', 'lost+found']);

/**
 * Throws {@link StartupError} for a data directory that holds somebody else's files: the embedded drivers would put their own
 * folders beside them. One that is missing, empty, or has an event log is taken.
 */
export async function refuseForeignDirectory(directory: string): Promise<void> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    throw new StartupError(`The data directory ${directory} cannot be used (${error.message}): name another one.`, {
      cause: error,
    });
  });
  if (names.includes('event-log')) return;
  const foreign = names.find((name) => !harmless.has(name));
  if (foreign === undefined) return;
  throw new StartupError(`The data directory ${directory} holds something else ("${foreign}"): name an empty or a new one.`);
}
