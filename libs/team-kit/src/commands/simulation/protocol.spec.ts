import { describe, expect, it } from '@jest/globals';
import { randomOf } from '@ringside/random';

import type { CommandRequest } from '../aggregate.js';
import { faultsOf } from './checks.fixture.js';
import { aRequest, notes, type NotebookCommand } from './notebook.fixture.js';
import { play, type Scenario } from './run.fixture.js';
import type { Choose } from './world.fixture.js';

// The real `Commands` and `Relay`, over a store and a log whose every answer may be lost, late, or cut off by a death.

/** Some clients, some commands each, over two cases; some name the version that they expect. */
function scenarioOf(choose: Choose): Scenario {
  const clients = Array.from({ length: 1 + choose(3) }, (_, client) =>
    Array.from({ length: 1 + choose(3) }, (_, n): CommandRequest<NotebookCommand> => {
      const commandId = `c${client}.${n}`;
      const about = { caseId: `case-${1 + choose(2)}`, ...(choose(3) === 0 ? { expectedVersion: choose(4) } : {}) };
      const kind = choose(7);
      if (kind === 0) return aRequest(commandId, { kind: 'escalate' }, about);
      if (kind === 1) return aRequest('tick', { kind: 'tick', from: 2 }, { caseId: about.caseId });
      if (kind === 6) return aRequest(commandId, { kind: 'announce' }, { caseId: about.caseId });
      return aRequest(commandId, notes(commandId, kind === 2 ? 0 : kind === 3 ? 2 : 1), about);
    }),
  );
  return {
    clients,
    processes: 1 + choose(2),
    crashesMax: choose(3),
    faultsMax: choose(5),
    relayPassesMax: choose(6),
    sendingsMax: 1 + choose(3),
  };
}

async function faultsAt(seed: number, bug: Scenario['bug'] = {}): Promise<readonly string[]> {
  const choose = randomOf(seed).below;
  const evidence = await play({ ...scenarioOf(choose), bug }, choose);
  return evidence.errors.length > 0 ? evidence.errors.map(String) : faultsOf(evidence);
}

/** Every way in which a run can go: the choices of one after the other, the last one that has a further option changed next. */
async function everyPath(run: (choose: Choose) => Promise<void>): Promise<number> {
  let path: { chosen: number; options: number }[] = [];
  for (let count = 1; ; count++) {
    let depth = 0;
    await run((options) => {
      if (options <= 1) return 0;
      path[depth] ??= { chosen: 0, options };
      if (path[depth]!.options !== options) throw new Error(`The run does not repeat itself: ${options} options at ${depth}.`);
      return path[depth++]!.chosen;
    });
    path = path.slice(0, depth);
    while (path.length > 0 && path.at(-1)!.chosen + 1 === path.at(-1)!.options) path.pop();
    if (path.length === 0) return count;
    path.at(-1)!.chosen++;
  }
}

const seedsOfARun = 4_000;

describe('the protocol of casework', () => {
  it(`holds in ${seedsOfARun} runs`, async () => {
    const first = Number(process.env['RINGSIDE_TEST_SEED'] ?? 1);
    for (let seed = first; seed < first + seedsOfARun; seed++) {
      expect({ seed, faults: await faultsAt(seed) }).toEqual({ seed, faults: [] });
    }
  }, 120_000);

  const one = { processes: 1, crashesMax: 0, faultsMax: 0, relayPassesMax: 0, sendingsMax: 2, unweighted: true };
  it.each<[string, Partial<Scenario>, number]>([
    ['dies', { crashesMax: 1 }, 100],
    ['hears nothing of two calls', { faultsMax: 2 }, 1_000],
    ['hears nothing of a call, and dies', { crashesMax: 1, faultsMax: 1 }, 1_000],
    ['meets a relay', { relayPassesMax: 1 }, 1_000],
  ])(
    'holds in every way in which the process of one command %s',
    async (_, different, pathsMin) => {
      const clients = [[aRequest('c1', notes('c1'))]];
      const paths = await everyPath(async (choose) => {
        const evidence = await play({ ...one, ...different, clients }, choose);
        const faults = [...evidence.errors.map(String), ...faultsOf(evidence)];
        if (faults.length > 0) throw new Error(faults.join('\n'));
      });
      expect(paths).toBeGreaterThan(pathsMin);
    },
    120_000,
  );

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
