import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readFindings } from './findings.js';
import { pageOf, type HarnessPart } from './page.js';
import { recordsDirectory } from './places.js';
import { harnesses, type Harness, type RunRecord } from './run-record.js';

/** The page as the files of the project make it. */
export function generatePage(): string {
  const parts = harnesses.map((harness) => [harness, { record: lastRun(harness), findings: readFindings(harness) }] as const);
  return pageOf(Object.fromEntries(parts) as Record<Harness, HarnessPart>);
}

function lastRun(harness: Harness): RunRecord | undefined {
  const file = join(recordsDirectory, `${harness}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as RunRecord) : undefined;
}
