import { describe, expect, it } from '@jest/globals';
import { createEvent, regionPromoted, topics } from '@ringside/events';

import { standalone } from './standalone.js';

const here = standalone('eu');
const promoted = createEvent(regionPromoted, {
  data: { home: 'eu', servedBy: 'us', term: 1, by: 'amir', reason: 'A drill.' },
  time: '2026-01-31T12:00:00.000Z',
  region: 'us',
  source: 'platform',
});

describe('A region without a ring', () => {
  it('has every topic of the contract under its own name', () => {
    expect(here.held.map(({ name }) => name)).toEqual(topics.map(({ topic }) => topic));
    expect(here.heard('cases').map(({ name }) => name)).toEqual(['cases']);
    expect(here.recordOf(promoted).topic).toBe('ring');
  });

  it('is the home of everybody, and nobody stands in for it', () => {
    expect(here.homeOf('us-1')).toBe('eu');
    expect(here.successorsOf('eu')).toEqual(['eu']);
  });

  it('lets every service produce what the contract has, and nothing else', () => {
    expect(here.mayProduce('anybody', 'cases')).toBeUndefined();
    expect(here.mayProduce('anybody', 'cases.eu')).toEqual({
      code: 'unknown_topic',
      message: 'There is no topic "cases.eu" in the contract.',
    });
  });

  it('takes events of other regions, from when there was a ring, on the topic where they belong', () => {
    expect(here.mayLieHere('ring', promoted)).toBeUndefined();
    expect(here.mayLieHere('cases', promoted)).toEqual({
      code: 'wrong_topic',
      message: 'RegionPromoted belongs on "ring", not on "cases".',
    });
    expect(here.mayLieHere('nowhere', promoted)).toMatchObject({ code: 'unknown_topic' });
  });
});
