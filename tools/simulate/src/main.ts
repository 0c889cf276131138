import { readPolicy } from '@ringside/platform';

import { installMachine } from './world/machine.js';
import { run } from './run/run.js';
import { Logger } from '@nestjs/common';
Logger.overrideLogger(false);
installMachine();
const policy = await readPolicy('ring.yaml');
const from = Number(process.argv[2] ?? 1), count = Number(process.argv[3] ?? 1);
const t = process.hrtime.bigint();
let steps = 0;
for (let seed = from; seed < from + count; seed++) {
  const outcome = await run({ seed }, { policy, isTraced: process.argv[4] === 'trace' });
  steps += outcome.steps;
  if (process.argv[4] === 'trace') console.log(outcome.trace.join('\n'));
  if (outcome.faults.length > 0 || count < 5) console.log(seed, outcome.hash, outcome.steps, outcome.figures, outcome.faults.slice(0, 3));
}
const ms = Number(process.hrtime.bigint() - t) / 1e6;
console.log(ms / count, 'ms each', steps / count, 'steps', process.cpuUsage().user / 1000 / count, 'cpu ms');
process.exit(0);
