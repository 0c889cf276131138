import { describe, expect, it } from '@jest/globals';

import { faultsOf, type Refused } from '../parse/policy-text.fixture.js';

const refused: readonly Refused[] = [
  {
    what: 'a route from a region that there is not',
    part: '      us: [eu]',
    to: '      us: [eu]\n      sa: [eu]',
    faults: ['ring.yaml:29:7: zones.casework.routes.sa: There is no region "sa" in this policy. There are: eu, us, ap.'],
  },
  {
    what: 'a route to a region that there is not',
    part: '      us: [eu]',
    to: '      us: [eu, uss]',
    faults: ['ring.yaml:28:16: zones.casework.routes.us[1]: There is no region "uss" in this policy. Did you mean "us"?'],
  },
  {
    what: 'a route to itself',
    part: '      us: [eu]',
    to: '      us: [eu, us]',
    faults: [
      'ring.yaml:28:16: zones.casework.routes.us[1]: What "us" writes is in "us" anyway: a route to itself says nothing, so take it out.',
    ],
  },
  {
    what: 'a route that is listed twice',
    part: '      us: [eu]',
    to: '      us: [eu, eu]',
    faults: ['ring.yaml:28:16: zones.casework.routes.us[1]: "eu" is in this list already: take it out.'],
  },
  {
    what: 'no route at all',
    part: '    routes:\n      eu: [us]\n      us: [eu]\n',
    to: '    routes: {}\n',
    faults: [
      'ring.yaml:7:18: regions.eu.successors[0]: "us" does not have the casework of "eu", so it could not work its cases: add it to zones.casework.routes.eu, if the law allows it, or name another.',
      'ring.yaml:11:18: regions.us.successors[0]: "eu" does not have the casework of "us", so it could not work its cases: add it to zones.casework.routes.us, if the law allows it, or name another.',
      'ring.yaml:26:5: zones.casework.routes: No route leads anywhere, so nothing would leave its region: name the regions, or make the zone regional.',
    ],
  },
  {
    what: 'routes to nowhere',
    part: '      eu: [us]\n      us: [eu]\n',
    to: '      eu: []\n      us: []\n',
    faults: [
      'ring.yaml:7:18: regions.eu.successors[0]: "us" does not have the casework of "eu", so it could not work its cases: add it to zones.casework.routes.eu, if the law allows it, or name another.',
      'ring.yaml:11:18: regions.us.successors[0]: "eu" does not have the casework of "us", so it could not work its cases: add it to zones.casework.routes.us, if the law allows it, or name another.',
      'ring.yaml:26:5: zones.casework.routes: No route leads anywhere, so nothing would leave its region: name the regions, or make the zone regional.',
    ],
  },
];

describe('A zone with', () => {
  it.each(refused)('$what is refused', ({ part, to, faults }) => {
    expect(faultsOf(part, to)).toEqual(faults);
  });
});
