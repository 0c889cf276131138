import { describe, expect, it } from '@jest/globals';
import { randomOf } from '@ringside/random';

import type { CommandRequest } from '../aggregate.js';
import { aRequest, notes, type NotebookCommand } from './notebook.fixture.js';
import { faultsOfRegions, faultsOfTheRegionLeft } from './region-checks.fixture.js';
import { playRegions, type RegionEvidence, type RegionsScenario, type TermBug } from './regions.fixture.js';
import type { Choose } from './world.fixture.js';

// Two regions with the real `Commands` and `Relay` each; the case goes from one to the other while the first one does not know.

function scenarioOf(choose: Choose): RegionsScenario {
  const clients = Array.from({ length: 1 + choose(3) }, (_, client) =>
    Array.from({ length: 1 + choose(4) }, (_, n): CommandRequest<NotebookCommand> => {
      const commandId = `c${client}.${n}`;
      const about = choose(3) === 0 ? { expectedVersion: 0 } : {}; // the version that is known then
      const kind = choose(6);
      if (kind === 0) return aRequest(commandId, { kind: 'escalate' }, about);
      if (kind === 1) return aRequest(commandId, { kind: 'announce' });
      return aRequest(commandId, notes(commandId, kind === 2 ? 2 : 1), about);
    }),
  );
  return { clients, crashesMax: choose(2), faultsMax: choose(3), promotionsMax: choose(4), sendingsMax: 1 + choose(4) };
}

async function runAt(seed: number, how: Pick<RegionsScenario, 'bug' | 'losesHome'> = {}): Promise<RegionEvidence> {
  const choose = randomOf(seed).below;
  return playRegions({ ...scenarioOf(choose), ...how }, choose);
}

const faultsIn = (evidence: RegionEvidence, faultsOf = faultsOfRegions): readonly string[] =>
  evidence.errors.length > 0 ? evidence.errors.map(String) : faultsOf(evidence);

const seedsOfARun = 800;
const seedsOfALoss = 300;

describe('the protocol of casework over regions', () => {
  it(`leaves one history in ${seedsOfARun} runs, in which every region agrees`, async () => {
    const first = Number(process.env['RINGSIDE_TEST_SEED'] ?? 1);
    let contested = 0;
    for (let seed = first; seed < first + seedsOfARun; seed++) {
      const evidence = await runAt(seed);
      expect({ seed, faults: faultsIn(evidence) }).toEqual({ seed, faults: [] });
      if (new Set(evidence.sendings.map(({ heard, term }) => (heard.outcome === 'done' ? term : -1))).size > 2) contested++;
    }
    expect(contested).toBeGreaterThan(seedsOfARun / 10); // else the search would say little
  }, 240_000);

  it.each<[string, TermBug]>([
    ['terms', 'ignores terms'],
    ['the commands of the steps that it goes on from', 'forgets what was taken elsewhere'],
  ])(
    'would not without %s, and this search finds it',
    async (_, bug) => {
      for (let seed = 1; seed <= seedsOfARun; seed++) if (faultsIn(await runAt(seed, { bug })).length > 0) return;
      throw new Error(`${seedsOfARun} runs found nothing`);
    },
    240_000,
  );

  it(`leaves a case that can be gone on with where its home is lost, in ${seedsOfALoss} runs, and no step unheard of`, async () => {
    for (let seed = 1; seed <= seedsOfALoss; seed++) {
      const faults = faultsIn(await runAt(seed, { losesHome: true }), faultsOfTheRegionLeft);
      expect({ seed, faults }).toEqual({ seed, faults: [] });
    }
  }, 240_000);

  it('would not without looking at what followed from the steps, and this search finds it', async () => {
    for (let seed = 1; seed <= seedsOfALoss; seed++) {
      const evidence = await runAt(seed, { losesHome: true, bug: 'goes by the steps alone' });
      if (faultsIn(evidence, faultsOfTheRegionLeft).length > 0) return;
    }
    throw new Error(`${seedsOfALoss} runs found nothing`);
  }, 240_000);
});
