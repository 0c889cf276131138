import { describe, expect, it } from '@jest/globals';

import { faultsOf, type Refused } from '../parse/policy-text.fixture.js';

const refused: readonly Refused[] = [
  {
    what: 'a zone that there is not to produce',
    part: 'produce: [global, casework]',
    to: 'produce: [global, caseworks]',
    faults: [
      'ring.yaml:46:29: services.team.produce[1]: There is no zone "caseworks" in this policy. Did you mean "casework"?',
    ],
  },
  {
    what: 'a zone that there is not to consume',
    part: 'consume: [global] }',
    to: 'consume: [global, world] }',
    faults: [
      'ring.yaml:45:60: services.intake.consume[1]: There is no zone "world" in this policy. There are: global, casework, evidence.',
    ],
  },
  {
    what: 'a zone that is listed twice',
    part: 'consume: [global] }',
    to: 'consume: [global, global] }',
    faults: ['ring.yaml:45:60: services.intake.consume[1]: "global" is in this list already: take it out.'],
  },
];

describe('A service with', () => {
  it.each(refused)('$what is refused', ({ part, to, faults }) => {
    expect(faultsOf(part, to)).toEqual(faults);
  });
});
