import { mkdir } from 'node:fs/promises';

import { loseThePower, missingTracer, record } from '../power-loss/power-loss.js';
import type { Scenario } from '../scenario.js';

export const powerLoss: Scenario = {
  name: 'power-loss',
  promise: 'What the embedded log and store have acknowledged is there after a power cut, whole, and nothing is there by half.',
  how:
    'Their writes are recorded (strace); at many moments all that was not flushed is dropped, kept, torn at 512 bytes or put in another ' +
    'order, and what is left is opened with the real drivers.',
  inShort: true,
  missing: missingTracer,
  async run({ directory, random, short, say }) {
    await mkdir(directory, { recursive: true });
    const recording = await record({ directory, rounds: short ? 10 : 60 });
    say(`${recording.operations.length} operations are recorded, ${recording.acknowledged.length} acknowledgements`);
    const { faults, ...figures } = await loseThePower(recording, {
      directory,
      random,
      moments: short ? 25 : 600,
      faultsMax: 10,
    });
    const { acknowledged, images } = figures;
    if (acknowledged === 0 || images === 0)
      throw new Error(`Nothing was shown: ${acknowledged} acknowledgements, ${images} power cuts.`);
    return { figures, faults };
  },
};
