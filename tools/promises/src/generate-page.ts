import { readFindings } from './findings.js';
import { pageOf, type HarnessPart } from './page.js';
import { harnesses, readRunRecord, type Harness } from './run-record.js';

/** The page as the files of the project make it. */
export function generatePage(): string {
  const parts = harnesses.map(
    (harness) => [harness, { record: readRunRecord(harness), findings: readFindings(harness) }] as const,
  );
  return pageOf(Object.fromEntries(parts) as Record<Harness, HarnessPart>);
}
