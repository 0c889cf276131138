import { describe, expect, it } from '@jest/globals';

import { faultsOf, type Refused } from './policy-text.fixture.js';

const refused: readonly Refused[] = [
  {
    what: 'text that is no YAML',
    part: 'tenant: ringside',
    to: 'tenant: [ringside',
    faults: [
      'ring.yaml:3:1: This is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ].',
    ],
  },
  {
    what: 'an alias',
    part: '  reporters: { zone: global }',
    to: '  reporters: *global',
    faults: ['ring.yaml:42:14: topics.reporters: An alias (*) hides what is said where it counts: write it out.'],
  },
  {
    what: 'a tag that nobody knows',
    part: 'tenant: ringside',
    to: 'tenant: !mine ringside',
    faults: ['ring.yaml:2:9: This is not YAML: Unresolved tag: !mine.'],
  },
  {
    what: 'two documents',
    part: 'homes:\n',
    to: '---\nhomes:\n',
    faults: ['ring.yaml:53:1: A policy is one document, and this begins another: take the line --- out.'],
  },
  {
    what: 'a key that is no word',
    part: 'tenant: ringside',
    to: 'tenant: ringside\n[a, b]: c',
    faults: ['ring.yaml:3:1: A name must be a plain word.'],
  },
  {
    what: 'what lies too deep',
    part: 'tenant: ringside',
    to: 'tenant: [[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]',
    faults: [
      'ring.yaml:2:25: tenant[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]: This lies more than 16 levels deep, and nothing in a policy does.',
    ],
  },
  {
    what: 'a topic in two zones',
    part: '  appeals: { zone: evidence }',
    to: '  appeals: { zone: evidence }\n  appeals: { zone: casework }',
    faults: ['ring.yaml:47:3: topics.appeals: "appeals" is there twice, and only one of the two could count: take one out.'],
  },
  {
    what: 'a section that is there twice',
    part: 'homes:\n',
    to: 'zones: {}\nhomes:\n',
    faults: ['ring.yaml:53:1: zones: "zones" is there twice, and only one of the two could count: take one out.'],
  },
];

describe('A text with', () => {
  it.each(refused)('$what is refused', ({ part, to, faults }) => {
    expect(faultsOf(part, to)).toEqual(faults);
  });
});
