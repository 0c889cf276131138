import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomOf } from '@ringside/random';

import { loseThePower, missingTracer, record, type PowerLossFigures, type RecordingOptions } from './power-loss.js';

const missing = missingTracer();
if (missing !== undefined) process.stderr.write(`What a power cut leaves is not tested here: ${missing}.\n`);
const seed = Number(process.env['RINGSIDE_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const minutes = 60_000;

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ringside-power-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function lookedAt(rounds: number, moments: number, bug?: RecordingOptions['bug']): Promise<PowerLossFigures> {
  const recording = await record({ directory, rounds, ...(bug && { bug }) });
  return loseThePower(recording, { directory, random: randomOf(seed), moments, faultsMax: 12 });
}

(missing === undefined ? describe : describe.skip)(`when the power goes (seed ${seed})`, () => {
  it(
    'the embedded log and store have all that they acknowledged, and nothing by half',
    async () => {
      const { faults, images, acknowledged } = await lookedAt(10, 25);
      expect(faults).toEqual([]);
      expect(images).toBeGreaterThan(50);
      expect(acknowledged).toBeGreaterThan(30);
    },
    3 * minutes,
  );

  it.each(['acknowledges before it knows', 'overlapping sync', 'syncs nothing'] as const)(
    'a driver that %s is found',
    async (bug) => {
      // At enough moments that one of them lies between an answer and its flush; looking ends when there are faults enough. The driver
      // without the bug has none: see above.
      const { faults } = await lookedAt(6, 40, bug);
      expect(faults).not.toEqual([]);
    },
    3 * minutes,
  );
});
