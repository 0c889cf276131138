// Adds up what the suites have written, and prints the line that counts: "N passed, N failed, N skipped".
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const directory = process.argv[2];
const suites = readdirSync(directory)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')));
const sum = (field) => suites.reduce((total, suite) => total + suite[field], 0);
// A suite that could not even be loaded has failed, though it counts no test.
const failed = sum('numFailedTests') + sum('numRuntimeErrorTestSuites');
console.log(`${sum('numPassedTests')} passed, ${failed} failed, ${sum('numPendingTests') + sum('numTodoTests')} skipped`);
process.exit(failed > 0 || suites.length === 0 ? 1 : 0);
