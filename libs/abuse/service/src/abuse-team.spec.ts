import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { reasonsOf } from '@ringside/events';
import { aReport, openTestRing, type TestRing } from '@ringside/testing';

import { service } from './abuse-team.js';

let ring: TestRing;
beforeAll(async () => {
  ring = await openTestRing([service]);
});
afterAll(() => ring.close());

describe('abuse-team', () => {
  it('captures every reason that is its own, spam among them, and no other', async () => {
    const reasons = [...reasonsOf('abuse'), 'aimbot', 'griefing', 'other', 'not_known_yet'];
    await ring.publish(...reasons.map((reason) => aReport({ subjectId: 'rude', reason })));
    await ring.settle();
    const { body } = await ring.request<{ cases: { reasons: Record<string, number> }[] }>('abuse-team', '/v1/players/rude');
    expect(Object.keys(body.cases[0]!.reasons).sort()).toEqual([...reasonsOf('abuse')].sort());
  });

  it('puts a child in danger before everything', async () => {
    const crowd = Array.from({ length: 3 }, (_, i) =>
      aReport({ subjectId: 'loud', reporterId: `r${i}`, reason: 'offensive_name' }),
    );
    await ring.publish(...crowd, aReport({ subjectId: 'grave', reason: 'child_safety' }));
    await ring.settle();
    const { body } = await ring.request<{ items: { subjectId: string; dueAt: string; openedAt: string }[] }>(
      'abuse-team',
      '/v1/cases?sort=priority&limit=1',
    );
    expect(body.items[0]).toMatchObject({ openedAt: '2026-01-31T12:00:00.000Z', dueAt: '2026-01-31T13:00:00.000Z' });
  });
});
