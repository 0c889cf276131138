import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Site } from './sites.js';

/*
 * Sites that outlive a run, as it takes long to fill them: `<directory>/<reports>`, and beside it `<reports>.json`, which says what the
 * site holds. Without that file nobody knows, and the site is filled anew.
 */
const recordOf = (data: string): string => `${data}.json`;

/** Where the views of a site are compared. */
export const comparedCopyOf = (data: string): string => `${data}-compared`;

/** The site of an earlier run, where it left one. */
export function keptSite(directory: string, reports: number): Site | undefined {
  const data = join(directory, String(reports));
  if (!existsSync(recordOf(data))) return undefined;
  return { ...(JSON.parse(readFileSync(recordOf(data), 'utf8')) as Site), data };
}

/** Where a site of so many reports is to be filled: what an unfinished run left there is removed. */
export function emptyPlace(directory: string, reports: number): string {
  const data = join(directory, String(reports));
  mkdirSync(dirname(data), { recursive: true });
  for (const left of [data, comparedCopyOf(data)]) rmSync(left, { recursive: true, force: true });
  return data;
}

export function keepSite(site: Site): void {
  const written = `${recordOf(site.data)}.new`;
  writeFileSync(written, `${JSON.stringify(site, null, 2)}\n`);
  renameSync(written, recordOf(site.data));
}

/** Adds reports to a site. Where that fails nobody knows what it holds, so no later run takes it. */
export async function grow<T>(site: Site, reports: number, add: () => Promise<T>): Promise<T> {
  const isKept = existsSync(recordOf(site.data));
  if (isKept) rmSync(recordOf(site.data));
  const result = await add();
  site.added += reports;
  if (isKept) keepSite(site);
  return result;
}
