import { describe, expect, it } from '@jest/globals';
import { StartupError } from '@ringside/core';
import { placementOf, standalone, type RingPolicy } from '@ringside/data-ring';
import { theRing } from '@ringside/testing';

import { placed } from './placed-subscriber.js';
import type { Subscriber } from './subscriber.js';

const ring = theRing();
const service = 'others-triage';
const subscriber: Subscriber = {
  name: service,
  topics: ['reports'],
  projections: [],
  reactions: [{ name: 'Follow', publishes: ['report-evidence'], concerns: () => false, react: () => Promise.resolve([]) }],
  needs: { topics: ['cases', 'reports'], tables: [] },
};

const may = (produce: readonly string[], consume: readonly string[] = ['global']): RingPolicy => ({
  ...ring,
  services: { ...ring.services, [service]: { produce, consume } },
});

const placedBy = (policy: RingPolicy, region: string) => () => placed(subscriber, placementOf(policy, region));

describe('A subscriber in a region', () => {
  it('appends to those of its topics that the region may write', () => {
    const whole = may(['global', 'casework', 'evidence']);
    expect(placedBy(whole, 'ap')().needs?.topics).toEqual(['cases.ap', 'reports']);
    expect(placedBy(whole, 'us')().needs?.topics).toEqual(expect.arrayContaining(['cases.us', 'cases.eu', 'reports']));
  });

  it.each([
    ['what it needs', ['global', 'evidence'], 'casework'],
    ['what its reactions need', ['global', 'casework'], 'evidence'],
  ])('is refused where its service may not append to %s', (_, produce, zone) => {
    const starting = placedBy(may(produce), 'eu');
    expect(starting).toThrow(StartupError);
    expect(starting).toThrow(`others-triage may not produce in the zone ${zone}: services.others-triage.produce.`);
  });

  it('is refused where its service may not hear what it hears', () => {
    expect(placedBy(may(['global', 'casework', 'evidence'], []), 'eu')).toThrow('services.others-triage.consume.');
  });

  it('may do everything without a ring', () => {
    expect(placed(subscriber, standalone('local')).needs?.topics).toEqual(['cases', 'reports']);
  });
});
