import { expect, it } from '@jest/globals';
import { placementOf } from '@ringside/data-ring';

import type { Convergence } from '../convergence/convergence.js';
import { policy } from '../platform-ring.fixture.js';
import { haveSame } from './have-same.js';

/** What came of comparing, whatever is compared. */
const comparing = (compared: {
  readonly missingHere?: number;
  readonly missingThere?: number;
  readonly isCutShort?: boolean;
}) => {
  const { missingHere = 0, missingThere = 0, isCutShort = false } = compared;
  const now = ({ topic }: { readonly topic: string }) =>
    Promise.resolve([{ topics: [{ topic, missingHere: new Array(missingHere), missingThere, isCutShort }] }]);
  return { now } as unknown as Convergence;
};
const ask = (region: string, compared: Parameters<typeof comparing>[0]) =>
  haveSame(comparing(compared), placementOf(policy, region))('eu', 'us');

it('a home that lacks nothing of its own cases may have them back, asked there or at its stand-in', async () => {
  expect([await ask('eu', { missingThere: 3 }), await ask('us', { missingHere: 3 })]).toEqual([true, true]);
});

it('one that lacks some may not', async () => {
  for (const answer of [ask('eu', { missingHere: 2 }), ask('us', { missingThere: 2 })]) {
    expect(await answer).toMatch(/^eu lacks 2 events or more of cases\.eu\. Repair it first\./);
  }
  expect(await ask('eu', { isCutShort: true })).toContain('eu lacks 0 events or more');
});

it('a third region does not know', async () => {
  expect(await ask('ap', {})).toContain('ask the platform service of one');
});
