import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';

import { print, root } from './command-line.js';
import { ringDocuments } from './ring-documents.js';

new Command('npm run ring:documents --')
  .description('Writes anew what is made from ring.yaml: its map in docs, and the JSON Schema of policies.')
  .helpOption('-h, --help', 'show this')
  .parse();

for (const [path, text] of ringDocuments(readFileSync(join(root, 'ring.yaml'), 'utf8'))) {
  writeFileSync(join(root, path), text);
  print(`${path} is written.`);
}
