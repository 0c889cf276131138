import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import { findingsDirectory } from './places.js';
import type { Harness } from './run-record.js';

/** Something that a harness found, as its file under docs/promises/findings says it. */
export interface Finding {
  /** The day: YYYY-MM-DD. */
  readonly on: string;
  /** What was wrong, in one or two sentences. */
  readonly found: string;
  /** How it was mended; of an open one, why it is not. */
  readonly mended: string;
  readonly open: boolean;
}

/** Reads what a harness found; none where it has no file. Throws with the file and the entry that is not as it must be. */
export function readFindings(harness: Harness, directory = findingsDirectory): readonly Finding[] {
  const file = join(directory, `${harness}.yaml`);
  if (!existsSync(file)) return [];
  const entries: unknown = parse(readFileSync(file, 'utf8'));
  if (!Array.isArray(entries)) throw new Error(`${file} must be a list of findings.`);
  return entries.map((entry, i) => findingOf(entry, `${file}, entry ${i + 1}`));
}

function findingOf(entry: unknown, where: string): Finding {
  const { on, found, mended, open = false, ...others } = (entry ?? {}) as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(others);
  if (unknown.length > 0) throw new Error(`${where}: ${unknown.join(', ')}: there are only on, found, mended and open.`);
  if (typeof on !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(on))
    throw new Error(`${where}: "on" must be a day, as YYYY-MM-DD.`);
  if (typeof found !== 'string' || found === '') throw new Error(`${where}: "found" must be a text.`);
  if (typeof mended !== 'string' || mended === '') throw new Error(`${where}: "mended" must be a text.`);
  if (typeof open !== 'boolean') throw new Error(`${where}: "open" must be true or false.`);
  return { on, found, mended, open };
}
