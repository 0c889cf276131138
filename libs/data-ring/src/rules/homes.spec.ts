import { describe, expect, it } from '@jest/globals';

import { faultsOf, type Refused } from '../parse/policy-text.fixture.js';

const refused: readonly Refused[] = [
  {
    what: 'a region that there is not',
    part: 'region: eu, ground',
    to: 'region: ue, ground',
    faults: ['ring.yaml:55:32: homes.rules[0].region: There is no region "ue" in this policy. Did you mean "eu"?'],
  },
  {
    what: 'a region for all others that there is not',
    part: 'otherwise: hash',
    to: 'otherwise: { region: uss }',
    faults: ['ring.yaml:56:24: homes.otherwise.region: There is no region "uss" in this policy. Did you mean "us"?'],
  },
  {
    what: 'a rule that no id comes to',
    part: '  otherwise: hash',
    to: '    - { idPrefix: eu-west-, region: us, ground: Others. }\n  otherwise: hash',
    faults: [
      'ring.yaml:56:19: homes.rules[1].idPrefix: No id comes to this rule: the first that fits counts, and "eu-" (rule 1) fits every id that begins with "eu-west-". Move it up, or take it out.',
    ],
  },
  {
    what: 'a share for a region that there is not',
    part: 'otherwise: hash',
    to: 'otherwise: { hashOver: [eu, uss] }',
    faults: ['ring.yaml:56:31: homes.otherwise.hashOver[1]: There is no region "uss" in this policy. Did you mean "us"?'],
  },
  {
    what: 'a share for nobody',
    part: 'otherwise: hash',
    to: 'otherwise: { hashOver: [] }',
    faults: [
      'ring.yaml:56:26: homes.otherwise.hashOver: Players whom no rule fits are at home somewhere: name one region or more.',
    ],
  },
];

describe('Homes with', () => {
  it.each(refused)('$what is refused', ({ part, to, faults }) => {
    expect(faultsOf(part, to)).toEqual(faults);
  });
});
