import { describe, expect, it } from '@jest/globals';

import type { CommandRequest } from '../aggregate.js';
import { faultsOf } from './checks.fixture.js';
import { aRequest, notes, type NotebookCommand } from './notebook.fixture.js';
import { play, type Scenario } from './run.fixture.js';
import type { Choose } from './world.fixture.js';

// The real `Commands` and `Relay`, over a store and a log whose every answer may be lost, late, or cut off by a death.

/** mulberry32 */
function seeded(seed: number): Choose {
  let state = seed;
  return (options) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * options);
  };
}

/** Some clients, some commands each, over two cases; some name the version that they expect. */
function scenarioOf(choose: Choose): Scenario {
  const clients = Array.from({ length: 1 + choose(3) }, (_, client) =>
    Array.from({ length: 1 + choose(3) }, (_, n): CommandRequest<NotebookCommand> => {
      const commandId = `c${client}.${n}`;
      const about = { caseId: `case-${1 + choose(2)}`, ...(choose(3) === 0 ? { expectedVersion: choose(4) } : {}) };
      const kind = choose(6);
      if (kind === 0) return aRequest(commandId, { kind: 'escalate' }, about);
      if (kind === 1) return aRequest('tick', { kind: 'tick', from: 2 }, { caseId: about.caseId });
      return aRequest(commandId, notes(commandId, kind === 2 ? 0 : kind === 3 ? 2 : 1), about);
    }),
  );
  return {
    clients,
    processes: 1 + choose(2),
    crashesMax: choose(3),
    faultsMax: choose(5),
    relayPassesMax: choose(4),
    sendingsMax: 1 + choose(3),
  };
}

async function faultsAt(seed: number, bug: Scenario['bug'] = {}): Promise<readonly string[]> {
  const choose = seeded(seed);
  const evidence = await play({ ...scenarioOf(choose), bug }, choose);
  return evidence.errors.length > 0 ? evidence.errors.map(String) : faultsOf(evidence);
}

const seedsOfARun = 2_000;

describe('the protocol of casework', () => {
  it(`holds in ${seedsOfARun} runs`, async () => {
    const first = Number(process.env['RINGSIDE_TEST_SEED'] ?? 1);
    for (let seed = first; seed < first + seedsOfARun; seed++) {
      expect({ seed, faults: await faultsAt(seed) }).toEqual({ seed, faults: [] });
    }
  }, 120_000);

  it.each<[string, Scenario['bug']]>([
    ['the condition on the fence', { store: 'no fence' }],
    ['the raising of the fence', { store: 'no raise' }],
    ['the intent', { store: 'no intent' }],
    ['storing before publishing', { store: 'answers before it stores' }],
    ['publishing before marking', { store: 'mark ahead' }],
    ['publishing before dropping the intent', { log: 'answers before it stores' }],
    ['the look for a command that was taken', { store: 'forgets commands' }],
  ])(
    'would not hold without %s, and this search finds it',
    async (_, bug) => {
      for (let seed = 1; seed <= seedsOfARun; seed++) {
        if ((await faultsAt(seed, bug)).length > 0) return;
      }
      throw new Error(`${seedsOfARun} runs found nothing`);
    },
    120_000,
  );
});
