import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { print, root } from './command-line.js';
import { ringDocuments } from './ring-documents.js';

for (const [path, text] of ringDocuments(readFileSync(join(root, 'ring.yaml'), 'utf8'))) {
  writeFileSync(join(root, path), text);
  print(`${path} is written.`);
}
