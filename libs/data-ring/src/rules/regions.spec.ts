import { describe, expect, it } from '@jest/globals';

import { faultsOf, type Refused } from '../parse/policy-text.fixture.js';

const refused: readonly Refused[] = [
  {
    what: 'a successor that is no region',
    part: 'successors: [us]',
    to: 'successors: [su]',
    faults: ['ring.yaml:7:18: regions.eu.successors[0]: There is no region "su" in this policy. Did you mean "eu"?'],
  },
  {
    what: 'a successor that is listed twice',
    part: 'successors: [us]',
    to: 'successors: [us, us]',
    faults: ['ring.yaml:7:22: regions.eu.successors[1]: "us" is in this list already: take it out.'],
  },
  {
    what: 'a region that would stand in for itself',
    part: 'successors: [us]',
    to: 'successors: [eu]',
    faults: [
      'ring.yaml:7:18: regions.eu.successors[0]: "eu" cannot stand in for itself while it is away: name others, or none.',
    ],
  },
  {
    what: 'a successor that does not have the casework',
    part: 'successors: [us]',
    to: 'successors: [us, ap]',
    faults: [
      'ring.yaml:7:22: regions.eu.successors[1]: "ap" does not have the casework of "eu", so it could not work its cases: add it to zones.casework.routes.eu, if the law allows it, or name another.',
    ],
  },
  {
    what: 'successors where cases never leave',
    part: '  cases: { zone: casework }',
    to: '  cases: { zone: evidence }',
    faults: [
      'ring.yaml:7:18: regions.eu.successors[0]: "us" does not have the casework of "eu", so it could not work its cases: the zone "evidence" is regional, so no region has a successor.',
      'ring.yaml:11:18: regions.us.successors[0]: "eu" does not have the casework of "us", so it could not work its cases: the zone "evidence" is regional, so no region has a successor.',
      'ring.yaml:48:40: views.case_steps.from[0]: The view is in "casework" and would be in us with what "cases" has of eu, which "evidence" keeps in eu. Put the view in "evidence", or a zone that is no wider.',
    ],
  },
  {
    what: 'a ring without regions',
    part: '  eu:\n    label: Europe\n    jurisdiction: GDPR\n    successors: [us]\n  us:\n    label: United States\n    jurisdiction: State law\n    successors: [eu]\n  ap:\n    label: Asia Pacific\n    jurisdiction: APPI\nzones',
    to: '  {}\nzones',
    faults: [
      'ring.yaml:4:3: regions: A ring has 1 to 32 regions, and this has 0.',
      'ring.yaml:17:7: zones.casework.routes.eu: There is no region "eu" in this policy.',
      'ring.yaml:17:12: zones.casework.routes.eu[0]: There is no region "us" in this policy.',
      'ring.yaml:18:7: zones.casework.routes.us: There is no region "us" in this policy.',
      'ring.yaml:18:12: zones.casework.routes.us[0]: There is no region "eu" in this policy.',
      'ring.yaml:45:32: homes.rules[0].region: There is no region "eu" in this policy.',
    ],
  },
];

describe('A policy with', () => {
  it.each(refused)('$what is refused', ({ part, to, faults }) => {
    expect(faultsOf(part, to)).toEqual(faults);
  });

  it('more regions than a ring has is refused', () => {
    const more = Array.from({ length: 30 }, (_, number) => `  r${number}: { label: R, jurisdiction: J }\n`).join('');
    expect(faultsOf('regions:\n', `regions:\n${more}`)).toEqual([
      'ring.yaml:4:3: regions: A ring has 1 to 32 regions, and this has 33.',
    ]);
  });
});
