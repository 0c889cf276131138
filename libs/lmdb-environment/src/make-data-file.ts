import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { open } from 'lmdb';

import { flush, unusable } from './marker.js';

export const dataFileName = 'data.mdb';

/**
 * Makes the data file of a new directory, unless it is there. It is made under another name and flushed before it gets its own: LMDB
 * writes its first pages in place, and whoever opens half of them after a power cut ends with a segmentation fault. Several processes
 * may do this at once; the first one's file stays.
 */
export async function makeDataFile(directory: string): Promise<void> {
  const file = join(directory, dataFileName);
  if (existsSync(file)) return;
  const temporary = join(directory, `.${randomUUID()}.mdb`);
  try {
    await open({ path: temporary }).close();
    flush(temporary, 'r+');
    linkSync(temporary, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(directory, error);
  } finally {
    for (const name of [temporary, `${temporary}-lock`]) rmSync(name, { force: true });
  }
}
