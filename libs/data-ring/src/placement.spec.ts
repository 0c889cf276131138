import { describe, expect, it } from '@jest/globals';
import {
  appealFiled,
  caseNoted,
  createEvent,
  regionPromoted,
  reportFiled,
  ringOperated,
  type RingsideEvent,
} from '@ringside/events';

import { parsePolicy } from './parse/parse-policy.js';
import { changed, policyText } from './parse/policy-text.fixture.js';
import { placementOf, type Placement } from './placement.js';

const time = '2026-01-31T12:00:00.000Z';

function placed(region: string, text = policyText): Placement {
  const parsed = parsePolicy(text);
  if (!parsed.ok) throw new Error(parsed.error[0]!.message);
  return placementOf(parsed.value, region);
}

/** A player whom no rule fits, at home in this region. */
const playerOf = (region: string): string => {
  const ids = Array.from({ length: 100 }, (_, number) => `p-${number}`);
  return ids.find((id) => placed('eu').homeOf(id) === region)!;
};

const ofTerm1 = 2 ** 24 + 2;
const noted = (subjectId: string, region: string, caseVersion = 1): RingsideEvent =>
  createEvent(caseNoted, {
    data: { caseId: 'c', team: 'cheating', game: 'g', subjectId, caseVersion, by: 'amir', text: 'Seen.' },
    time,
    region,
    source: 'team',
  });
const filed = (region: string): RingsideEvent =>
  createEvent(reportFiled, {
    data: {
      reportId: 'r',
      game: 'g',
      reporterId: 'a',
      subjectId: 'eu-1',
      subjectHomeRegion: 'eu',
      reason: 'aimbot',
      filedAt: time,
      hasEvidence: false,
    },
    time,
    region,
    source: 'intake',
  });
const appealed = (region: string): RingsideEvent =>
  createEvent(appealFiled, {
    data: { appealId: 'x', decisionId: 'd', game: 'g', playerId: 'p', statement: 'No.', filedAt: time },
    time,
    region,
    source: 'intake',
  } as never);

const names = (topics: readonly { readonly name: string }[]): readonly string[] => topics.map(({ name }) => name);

describe('The placement of a region', () => {
  it('holds global and regional topics under their own names, and those of cross-region zones by region of origin', () => {
    const regional = ['report-evidence', 'appeals'];
    const global = ['reports', 'sanctions', 'reporters', 'ring'];
    expect(names(placed('eu').held)).toEqual([...global, 'cases.eu', 'cases.us', ...regional]);
    expect(names(placed('ap').held)).toEqual([...global, 'cases.ap', ...regional]);
  });

  it('hears all topics of the region that carry one of the contract', () => {
    expect(names(placed('us').heard('cases'))).toEqual(['cases.eu', 'cases.us']);
    expect(names(placed('us').heard('reports'))).toEqual(['reports']);
    expect(placed('us').heard('unheard')).toEqual([]);
  });

  it('puts an event on the topic of the home of its player, whoever writes it', () => {
    for (const home of ['eu', 'us', 'ap']) {
      expect(placed('eu').recordOf(noted(playerOf(home), 'eu')).topic).toBe(`cases.${home}`);
    }
    expect(placed('us').recordOf(filed('us')).topic).toBe('reports');
  });

  it('names who may stand in for a region, itself first', () => {
    expect(placed('eu').successorsOf('eu')).toEqual(['eu', 'us']);
    expect(placed('eu').successorsOf('ap')).toEqual(['ap']);
  });

  it('is of no region that the ring does not have', () => {
    expect(() => placed('sa')).toThrow(new RangeError('The ring has no region "sa": it has eu, us, ap.'));
  });
});

describe('A service may not produce', () => {
  it.each([
    ['eu', 'team', 'rumours', 'unknown_topic', 'The ring\'s policy has no topic "rumours".'],
    ['ap', 'team', 'cases.eu', 'not_in_this_region', '"cases.eu" is in the zone casework, which is in eu, us and not in ap.'],
    [
      'eu',
      'intake',
      'cases.eu',
      'not_by_this_service',
      'intake may not produce in the zone casework: services.intake.produce.',
    ],
    ['eu', 'nobody', 'reports', 'not_by_this_service', 'nobody may not produce in the zone global: services.nobody.produce.'],
  ])('in %s as %s to %s', (region, service, topic, code, message) => {
    expect(placed(region).mayProduce(service, topic)).toEqual({ code, message });
  });

  it('in a region that only reads what another one writes', () => {
    const text = changed('successors: [us]', 'successors: []');
    expect(placed('us', text).mayProduce('team', 'cases.eu')).toEqual({
      code: 'not_by_this_region',
      message: 'us may not produce to "cases.eu": it is of eu, whose successors are others.',
    });
  });

  it('but may where the policy says so', () => {
    expect(placed('eu').mayProduce('team', 'cases.eu')).toBeUndefined();
    expect(placed('us').mayProduce('team', 'cases.eu')).toBeUndefined();
    expect(placed('ap').mayProduce('intake', 'report-evidence')).toBeUndefined();
  });
});

describe('A service may not consume', () => {
  it('from a zone that the policy does not give it', () => {
    expect(placed('eu').mayConsume('intake', 'cases.eu')).toEqual({
      code: 'not_by_this_service',
      message: 'intake may not consume from the zone casework: services.intake.consume.',
    });
    expect(placed('eu').mayConsume('team', 'cases.us')).toBeUndefined();
  });
});

describe('An event is not believed', () => {
  const refusals: readonly (readonly [string, string, RingsideEvent, string, string])[] = [
    [
      'ap',
      'cases.eu',
      noted('eu-1', 'eu'),
      'not_in_this_region',
      '"cases.eu" is in the zone casework, which is in eu, us and not in ap.',
    ],
    ['eu', 'reports', noted('eu-1', 'eu'), 'wrong_topic', 'CaseNoted belongs on "cases", and this is "reports".'],
    [
      'eu',
      'reports',
      { ...filed('eu'), zone: 'regional' } as never,
      'wrong_zone',
      'The event says it is regional, and events of "reports" are global.',
    ],
    [
      'eu',
      'cases.us',
      noted('eu-1', 'us'),
      'wrong_topic',
      'The event is about a player whose home is not us, so not of "cases.us".',
    ],
    ['eu', 'reports', filed('mars'), 'not_by_this_region', 'An event of the region "mars" may not lie on "reports" in eu.'],
    [
      'eu',
      'cases.eu',
      noted('eu-1', 'ap'),
      'not_by_this_region',
      'An event of the region "ap" may not lie on "cases.eu" in eu.',
    ],
    [
      'eu',
      'cases.eu',
      noted('eu-1', 'us', ofTerm1 - 3),
      'not_by_this_region',
      'A step of the first term is for eu to say, the home of the player, and not for us.',
    ],
    ['eu', 'appeals', appealed('us'), 'not_by_this_region', 'An event of the region "us" may not lie on "appeals" in eu.'],
  ];

  it.each(refusals)('in %s on %s (%#)', (region, topic, event, code, message) => {
    expect(placed(region).mayLieHere(topic, event)).toEqual({ code, message });
  });

  it('from elsewhere where the policy made regional what the contract would let travel', () => {
    const text = changed('  sanctions: { zone: global }', '  sanctions: { zone: evidence }').replace(
      '  reports: { zone: global }',
      '  reports: { zone: evidence }',
    );
    expect(placed('eu', text).mayLieHere('reports', filed('eu'))).toBeUndefined();
    expect(placed('eu', text).mayLieHere('reports', filed('us'))).toMatchObject({ code: 'not_by_this_region' });
  });

  it('but is where it may be: of its own region, of another one on a global topic, of a successor', () => {
    expect(placed('eu').mayLieHere('cases.eu', noted('eu-1', 'eu'))).toBeUndefined();
    expect(placed('eu').mayLieHere('cases.eu', noted('eu-1', 'us', ofTerm1))).toBeUndefined();
    expect(placed('eu').mayLieHere('reports', filed('us'))).toBeUndefined();
    expect(placed('us').mayLieHere('appeals', appealed('us'))).toBeUndefined();
  });
});

describe('What is said of the ring itself', () => {
  const promoted = (region: string, home: string, servedBy: string, source = 'platform'): RingsideEvent =>
    createEvent(regionPromoted, {
      data: { home, servedBy, term: 1, by: 'pat', reason: 'The region is away.' },
      ...{ time, region, source },
    });
  const operated = (about: string, source: string): RingsideEvent =>
    createEvent(ringOperated, {
      data: {
        ...{ runId: 'r', operation: 'audit', about, by: 'pat', startedAt: time, policy: 'a'.repeat(64) },
        ...{ outcome: 'in_order', differences: [], differenceCount: 0 },
      },
      ...{ time, region: 'eu', source },
    });

  it.each([
    ['by a region that has nothing to do with it', promoted('ap', 'eu', 'us'), 'not_by_this_region'],
    ['in favour of one that is no successor', promoted('ap', 'eu', 'ap'), 'no_successor'],
    ['in favour of one that is no successor, by one that is', promoted('us', 'eu', 'ap'), 'no_successor'],
    ['of a region that there is not', promoted('us', 'mars', 'us'), 'unknown_region'],
    ['by a team', promoted('us', 'eu', 'us', 'team'), 'not_by_this_service'],
    ['by a team, as the record of a run', operated('eu', 'team'), 'not_by_this_service'],
    ['of a region that there is not, as the record of a run', operated('mars', 'platform'), 'unknown_region'],
  ])('is not believed %s', (_, event, code) => {
    for (const region of ['eu', 'us', 'ap']) expect(placed(region).mayLieHere('ring', event)).toMatchObject({ code });
  });

  it('is believed by the platform of the region concerned, or of one that may stand in for it', () => {
    for (const event of [promoted('us', 'eu', 'us'), promoted('eu', 'eu', 'us'), promoted('us', 'eu', 'eu')]) {
      for (const region of ['eu', 'us', 'ap']) expect(placed(region).mayLieHere('ring', event)).toBeUndefined();
    }
    expect(placed('us').mayLieHere('ring', operated('ap', 'platform'))).toBeUndefined();
  });
});
