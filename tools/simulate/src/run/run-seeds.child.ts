import { Logger } from '@nestjs/common';
import { readPolicy } from '@ringside/platform';
import { fileURLToPath } from 'node:url';

import { plantedBugs } from '../planted/planted.js';
import { installMachine } from '../world/machine.js';
import { run } from './run.js';

/** Plays the seeds of its arguments, behind the name of a planted bug or `none`, and says what came of each. */
const [bug, ...seeds] = process.argv.slice(2);
Logger.overrideLogger(false);
installMachine();
const policy = await readPolicy(fileURLToPath(new URL('../../../../ring.yaml', import.meta.url)));
const outcomes: unknown[] = [];
for (const seed of seeds) {
  const wrapping = plantedBugs.find(({ name }) => name === bug)?.plant() ?? {};
  const { hash, steps, faults } = await run({ seed: Number(seed) }, { policy, wrapping });
  outcomes.push({ seed: Number(seed), hash, steps, faults });
}
process.send!(outcomes, () => process.exit());
