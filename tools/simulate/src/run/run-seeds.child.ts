import { run } from './run.js';
import { termsHere } from './terms.js';

/** Plays the seeds of its arguments, behind the name of a planted bug or `none`, and says what came of each. */
const [bug, ...seeds] = process.argv.slice(2);
const terms = await termsHere(bug === 'none' ? undefined : bug);
const outcomes: unknown[] = [];
for (const seed of seeds) {
  const { hash, steps, faults } = await run({ seed: Number(seed) }, terms());
  outcomes.push({ seed: Number(seed), hash, steps, faults });
}
process.send!(outcomes, () => process.exit());
