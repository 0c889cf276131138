import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidv7 } from '@ringside/core';
import { createEvent, regionPromoted } from '@ringside/events';

import { startPlatformRing, type PlatformRegion, type PlatformRing } from '../platform-ring.fixture.js';

let ring: PlatformRing;
let [eu, us]: PlatformRegion[] = [];
beforeAll(async () => {
  ring = await startPlatformRing({ names: ['eu', 'us'] });
  [eu, us] = [ring.region('eu'), ring.region('us')];
  await ring.settle();
});
afterAll(() => ring.close());

const promote = (region: PlatformRegion, body: object) =>
  region.ask<{ term?: number; errors?: readonly object[]; detail?: string }>('/v1/ring/promotions', { method: 'POST', body });
const termsAt = async (region: PlatformRegion) =>
  (
    await region.ask<{ items: readonly { home: string; servedBy: string; term: number; history: readonly object[] }[] }>(
      '/v1/ring/terms',
    )
  ).body.items;
const reason = 'Frankfurt is without power.';

describe('a promotion', () => {
  it('lets a successor serve a home in the next term, and lets it be taken back', async () => {
    expect((await termsAt(us!))[0]).toEqual({ home: 'eu', servedBy: 'eu', term: 0, history: [] });
    const first = await promote(us!, { home: 'eu', servedBy: 'us', reason });
    expect(first).toMatchObject({
      status: 201,
      body: { home: 'eu', servedBy: 'us', term: 1, by: 'pat', reason, isInViews: true },
    });
    const back = await promote(us!, { home: 'eu', servedBy: 'eu', reason: 'It is back.', term: 2 });
    expect(back).toMatchObject({ status: 201, body: { servedBy: 'eu', term: 2 } });
    const [home] = await termsAt(us!);
    expect(home).toMatchObject({ servedBy: 'eu', term: 2, history: [{ term: 2 }, { term: 1, servedBy: 'us' }] });
    expect((await us!.ask<string>('/metrics')).body).toContain('ringside_ring_term{home="eu",served_by="eu"} 2');
  });

  it('is refused where policy has it otherwise, or nothing would change', async () => {
    expect(await promote(us!, { home: 'eu', servedBy: 'ap', reason })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/servedBy' }] },
    });
    expect(await promote(us!, { home: 'xx', servedBy: 'us', reason })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/home' }] },
    });
    expect(await promote(eu!, { home: 'ap', servedBy: 'us', reason })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/home', detail: 'Nobody believes eu who serves ap: ask the platform service of ap, us.' }] },
    });
    expect(await promote(us!, { home: 'us', servedBy: 'us', reason })).toMatchObject({
      status: 409,
      body: { servedBy: 'us', term: 0 },
    });
    const raced = await promote(us!, { home: 'us', servedBy: 'eu', reason, term: 7 });
    expect(raced).toMatchObject({
      status: 409,
      body: { term: 0, detail: expect.stringContaining('The next term of us for eu is 1') },
    });
    expect(await promote(us!, { home: 'us', servedBy: 'eu' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/reason' }] },
    });
    expect(await promote(us!, { home: 'us', servedBy: 'eu', reason: 'two\nlines' })).toMatchObject({ status: 400 });
    expect((await termsAt(us!)).find(({ home }) => home === 'us')).toMatchObject({ term: 0 });
  });

  it('gives no home back of which nobody knows whether it has what was done in its place, unless somebody insists', async () => {
    // There is nothing at the address of ap.
    expect(await promote(us!, { home: 'ap', servedBy: 'us', reason })).toMatchObject({ status: 201, body: { term: 1 } });
    const back = { home: 'ap', servedBy: 'ap', reason: 'It is back.' };
    expect(await promote(us!, back)).toMatchObject({
      status: 409,
      body: { servedBy: 'us', term: 1, detail: expect.stringContaining('cases.ap could not be compared with ap') },
    });
    expect(await promote(us!, { ...back, force: true })).toMatchObject({ status: 201, body: { servedBy: 'ap', term: 2 } });
  });

  it('waits for another one of the same home: of many at once, each is in a term of its own or refused', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, (_, i) =>
        promote(us!, { home: 'ap', servedBy: i % 2 === 0 ? 'us' : 'ap', reason, force: true }),
      ),
    );
    const terms = outcomes.flatMap(({ status, body }) => (status === 201 ? [body.term] : []));
    expect(new Set(terms).size).toBe(terms.length);
    expect(terms.length).toBeGreaterThan(0);
    expect((await termsAt(us!)).find(({ home }) => home === 'ap')).toMatchObject({ term: 2 + terms.length });
  });

  it('that two regions made of one term counts once: that of the lower id, everywhere', async () => {
    const time = '2026-01-31T12:00:00.000Z';
    const data = { home: 'us', servedBy: 'eu', term: 1, by: 'sam', reason };
    const events = [1, 2].map((i) =>
      createEvent(regionPromoted, {
        ...{ time, region: i === 1 ? 'us' : 'eu', source: 'platform' },
        id: uuidv7(Date.parse(time) + i),
        data,
      }),
    );
    await eu!.hold(...events);
    await us!.hold(...[...events].reverse());
    await ring.settle();
    for (const region of [eu!, us!]) {
      const found = (await termsAt(region)).find(({ home }) => home === 'us');
      expect(found).toMatchObject({ servedBy: 'eu', term: 1, history: [{ eventId: events[0]!.id }] });
    }
  });
});
