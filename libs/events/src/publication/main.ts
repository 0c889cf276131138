import { definitions } from '../contract.js';
import { topics } from '../topics.js';
import { libraryFolder, readPublication, writePublication } from './files.js';
import { publish } from './publish.js';

const before = readPublication(libraryFolder);
const outcome = publish({ topics, definitions }, before);
if (outcome.ok) {
  writePublication(libraryFolder, outcome.value);
  const added = [...outcome.value.published.keys()].filter((name) => !before.published.has(name));
  process.stdout.write(added.length === 0 ? 'No new version.\n' : `Published ${added.join(', ')}.\n`);
} else {
  for (const { about, message } of outcome.error) process.stderr.write(`${about}: ${message}\n`);
  process.exitCode = 1;
}
