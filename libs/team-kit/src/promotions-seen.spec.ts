import { expect, it } from '@jest/globals';
import { placementOf, servingRegions, standalone, type Placement } from '@ringside/data-ring';
import { theRing } from '@ringside/testing';

import type { Pipeline } from './pipeline.js';
import { PromotionsSeen } from './promotions-seen.js';
import { tryAgain, type Session } from './sessions.js';

/** What is seen in views in which a home has this term. */
function seenIn(placement: Placement, term: { now: number }): PromotionsSeen {
  const subscriber = { placement, projections: [servingRegions] };
  const views = { getMany: (rows: readonly unknown[]) => Promise.resolve(rows.map(() => ({ value: { term: term.now } }))) };
  return new PromotionsSeen({ subscriber, views } as unknown as Pipeline);
}

it('all that is parked of each topic is tried again once when another region was promoted', async () => {
  const term = { now: 0 };
  const seen = seenIn(placementOf(theRing(), 'eu'), term);
  expect([await seen.whatToTry('appeals'), await seen.whatToTry('appeals')]).toEqual(['all', 'nothing']);
  term.now = 1;
  expect([await seen.whatToTry('appeals'), await seen.whatToTry('reports')]).toEqual(['all', 'all']);
  expect([await seen.whatToTry('appeals'), await seen.whatToTry('reports')]).toEqual(['nothing', 'nothing']);
});

it('without a ring nothing is', async () => {
  expect(await seenIn(standalone('eu'), { now: 1 }).whatToTry('appeals')).toBe('nothing');
});

it('of many that keep others waiting each gets its turn', () => {
  const waits = { count: 1, hasGap: false };
  const parked = new Map(Array.from({ length: 150 }, (_, i) => [`k${i}`, { ...waits, isBlocking: i !== 3 }] as const));
  const session = { parked, untried: [] as string[] } as unknown as Session;
  tryAgain(session, 'blocking');
  const first = session.untried.splice(0);
  tryAgain(session, 'blocking');
  expect(new Set([...first, ...session.untried]).size).toBe(149);
  tryAgain(session, 'all');
  expect(new Set(session.untried)).toEqual(new Set(parked.keys()));
});
