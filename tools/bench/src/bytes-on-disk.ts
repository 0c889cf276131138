import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const blockBytes = 512;

/** What a directory takes on its disk: blocks that are there, not the length of files with holes. */
export function bytesOnDisk(directory: string): number {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).reduce(
    (sum, name) => sum + lstatSync(join(directory, name)).blocks * blockBytes,
    0,
  );
}
