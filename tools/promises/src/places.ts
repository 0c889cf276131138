import { join, resolve } from 'node:path';

/** The project, from `src` as from `dist`. */
const project = resolve(import.meta.dirname, '../../..');

/** The page that is generated. */
export const pageFile = join(project, 'docs/promises.md');
/** A file `<harness>.json` of each harness: its last run. */
export const recordsDirectory = join(project, 'docs/promises');
/** A file `<harness>.yaml` of each harness, written by hand: what it found, and how that was mended. */
export const findingsDirectory = join(recordsDirectory, 'findings');
