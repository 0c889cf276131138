import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import { Command } from 'commander';

import { generatePage } from './generate-page.js';
import { pageFile } from './places.js';

const { check } = new Command('promises')
  .description('Writes docs/promises.md from the kept runs of the harnesses and from what they found.')
  .option('--check', 'write nothing; fail if the page is not as the runs make it', false)
  .helpOption('-h, --help', 'show this')
  .parse()
  .opts<{ readonly check: boolean }>();

const page = generatePage();
if (!check) {
  writeFileSync(pageFile, page);
  console.log('Wrote docs/promises.md.');
} else if (!existsSync(pageFile) || readFileSync(pageFile, 'utf8') !== page) {
  console.error('docs/promises.md is not as docs/promises/ makes it: run npm run promises.');
  process.exitCode = 1;
}
