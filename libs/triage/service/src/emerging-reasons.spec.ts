import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aReport, evidenceOf, openTestRing, type TestRing } from '@ringside/testing';

import type { EmergingReasons } from './find-emerging-reasons.js';
import { service } from './others-triage.js';

let ring: TestRing;
beforeAll(async () => {
  ring = await openTestRing([service], { clock: () => Date.parse('2026-01-31T13:00:00.000Z') });
});
afterAll(() => ring.close());

const found = async (query = '') => (await ring.request<EmergingReasons>('others-triage', `/v1/emerging-reasons${query}`)).body;

/** A report with a description, on a day of January. */
async function filed(
  index: number,
  day: string,
  description: string,
  given: Parameters<typeof aReport>[0] = {},
): Promise<void> {
  const report = aReport({
    ...{ reporterId: `p${index}`, subjectId: `s${index % 5}`, reason: 'other', filedAt: `2026-01-${day}T12:00:00.000Z` },
    ...given,
  });
  await ring.publish(evidenceOf(report, { description }), report);
}

it('finds the words and games that unowned reports have in common, over time', async () => {
  await filed(1, '30', 'He is feeding on purpose, my phone number is 0171 2345678');
  await filed(2, '31', 'FEEDING all game long');
  await filed(3, '31', 'feeding couriers to the enemy', { game: 'kickoff', reason: 'griefing' });
  await filed(4, '31', 'secretword secretword');
  await filed(4, '31', 'secretword again');
  await filed(5, '31', 'feeding with an aimbot', { reason: 'aimbot' });
  await filed(6, '20', 'feeding, long ago');
  await ring.settle();
  expect(await found()).toEqual({
    ...{ from: '2026-01-25', to: '2026-01-31', reportsFiled: 5, reportsRead: 5 },
    words: [
      {
        ...{ word: 'feeding', reports: 3, reporters: 3, recentShare: 1 },
        byGame: { kickoff: 1, stormfall: 2 },
        byDay: { '2026-01-30': 1, '2026-01-31': 2 },
        byReason: { griefing: 1, other: 2 },
      },
    ],
    games: [
      { game: 'stormfall', reports: 4, byDay: { '2026-01-30': 1, '2026-01-31': 3 } },
      { game: 'kickoff', reports: 1, byDay: { '2026-01-31': 1 } },
    ],
  });
  expect(await found('?days=12')).toMatchObject({
    from: '2026-01-20',
    reportsRead: 6,
    words: [{ word: 'feeding', reports: 4 }],
  });
  expect(await found('?days=1')).toMatchObject({ reportsRead: 4, words: [] });
});

describe('bad input', () => {
  it.each(['0', '31', 'x', '1e1', ''])('days=%s is refused', async (days) => {
    expect((await ring.request('others-triage', `/v1/emerging-reasons?days=${days}`)).status).toBe(400);
  });
});
