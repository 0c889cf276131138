import { describe, expect, it } from '@jest/globals';

import { faultsOf, type Refused } from '../parse/policy-text.fixture.js';

const refused: readonly Refused[] = [
  {
    what: 'a zone that there is not to produce',
    part: 'produce: [global, casework]',
    to: 'produce: [global, caseworks]',
    faults: [
      'ring.yaml:51:29: services.team.produce[1]: There is no zone "caseworks" in this policy. Did you mean "casework"?',
    ],
  },
  {
    what: 'a zone that there is not to consume',
    part: 'consume: [global] }',
    to: 'consume: [global, world] }',
    faults: [
      'ring.yaml:50:60: services.intake.consume[1]: There is no zone "world" in this policy. There are: global, casework, evidence, control.',
    ],
  },
  {
    what: 'a zone that is listed twice',
    part: 'consume: [global] }',
    to: 'consume: [global, global] }',
    faults: ['ring.yaml:50:60: services.intake.consume[1]: "global" is in this list already: take it out.'],
  },
  {
    what: 'the say over the ring, besides the platform',
    part: 'produce: [global, casework]',
    to: 'produce: [global, casework, control]',
    faults: [
      'ring.yaml:51:39: services.team.produce[2]: "control" has the topic "ring", by which regions are promoted and runs are recorded, and that is for "platform" alone to say: give "ring" a zone of its own, which no other service produces.',
    ],
  },
  {
    what: 'the say over the ring, for it is in a zone with other topics',
    part: '  ring: { zone: control }',
    to: '  ring: { zone: global }',
    faults: ['intake', 'team'].map(
      (service, index) =>
        `ring.yaml:${50 + index}:${index === 0 ? 23 : 21}: services.${service}.produce[0]: "global" has the topic "ring", by which regions are promoted and runs are recorded, and that is for "platform" alone to say: give "ring" a zone of its own, which no other service produces.`,
    ),
  },
];

describe('A service with', () => {
  it.each(refused)('$what is refused', ({ part, to, faults }) => {
    expect(faultsOf(part, to)).toEqual(faults);
  });
});
