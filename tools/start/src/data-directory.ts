import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { StartupError } from '@ringside/core';
import { prepareDataDirectory as prepareForDrivers } from '@ringside/drivers';

/**
 * Makes the directory where it is missing, with a folder for logs in it; `regions` may have folders of their names there. Throws {@link StartupError} for one that holds
 * somebody else's files, or that cannot be written.
 */
export async function prepareDataDirectory(
  directory: string,
  regions: readonly string[] = [],
): Promise<{ readonly logs: string }> {
  await prepareForDrivers(directory, regions);
  const logs = join(directory, 'logs');
  try {
    await mkdir(logs, { recursive: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartupError(`The directory ${directory} cannot be used (${reason}): name another one with --data.`, {
      cause: error,
    });
  }
  return { logs };
}
