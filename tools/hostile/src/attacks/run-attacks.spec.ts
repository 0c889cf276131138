import { expect, it } from '@jest/globals';

import type { Services, Target } from '../services.js';
import type { Testimony } from '../witness.js';
import { ofWitness, runAttacks } from './run-attacks.js';

const testimony = (change: Partial<Testimony> = {}): Testimony => ({
  ...{ requests: 100, served: 95, putOff: 5, lost: 0, slowestMs: 20, memoryBefore: 1, memoryPeak: 1 },
  ...change,
});

it('what a well-behaved client sees is judged by what it counts, and in a long run by how long it waits too', () => {
  expect(ofWitness(testimony(), false)).toMatchObject({ faults: [], notJudged: [] });
  const slow = testimony({ slowestMs: 5_000 });
  expect(ofWitness(slow, false).faults).toEqual(['more than 3000 ms']);
  expect(ofWitness(slow, true)).toMatchObject({ faults: [], notJudged: ['more than 3000 ms'] });
  for (const change of [{ lost: 1 }, { putOff: 11 }, { served: 0 }]) {
    expect(ofWitness(testimony(change), true).faults).toHaveLength(1);
  }
});

it('no attack begins in a run that is being ended, as all that it would find is that the services are gone', async () => {
  const target: Target = {
    ...{ name: 'report-intake', team: 'cheating', port: 1, url: '', pid: 0 },
    log: () => '',
    ended: () => undefined,
    signal: () => undefined,
  };
  const services: Services = {
    dataDirectory: '',
    targets: [target],
    of: () => target,
    token: () => Promise.resolve(''),
    stop: () => Promise.resolve(),
  };
  const ended = runAttacks(services, { short: true, say: () => undefined, signal: AbortSignal.abort(new Error('ended')) });
  await expect(ended).rejects.toThrow('ended');
});
