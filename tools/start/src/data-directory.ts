import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { StartupError } from '@ringside/core';

/** May be there before the event log is: a first start that was cut short leaves them. */
const harmless = new Set(['logs', 'views', 'lost+found']);

/**
 * Makes the directory where it is missing, with a folder for logs in it. Throws {@link StartupError} for one that holds
 * somebody else's files: the services would put their own folders beside them.
 */
export function prepareDataDirectory(directory: string): { readonly logs: string } {
  try {
    mkdirSync(directory, { recursive: true });
    const names = readdirSync(directory);
    const foreign = names.includes('event-log') ? undefined : names.find((name) => !harmless.has(name));
    if (foreign !== undefined) {
      throw new StartupError(
        `The directory ${directory} holds something else ("${foreign}"): name an empty or a new one with --data.`,
      );
    }
    const logs = join(directory, 'logs');
    mkdirSync(logs, { recursive: true });
    return { logs };
  } catch (error) {
    if (error instanceof StartupError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartupError(`The directory ${directory} cannot be used (${reason}): name another one with --data.`, {
      cause: error,
    });
  }
}
