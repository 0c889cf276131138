// A process of its own that sends a load and prints what became of it as one JSON document:
//   node load-process.js <port> <load as JSON>, with the request on stdin.
import { buffer } from 'node:stream/consumers';

import { drive } from './drive.js';
import type { Load } from './load.js';

const [port = '', load = ''] = process.argv.slice(2);
const bytes = await buffer(process.stdin);
process.stdout.write(JSON.stringify(await drive(Number(port), bytes, JSON.parse(load) as Load)), () => process.exit());
