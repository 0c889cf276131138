import { describe, expect, it } from '@jest/globals';

import { faultsOf, type Refused } from '../parse/policy-text.fixture.js';

const refused: readonly Refused[] = [
  {
    what: 'a number for a duration',
    part: 'lagMax: 14d, offloadAfter: 50GB',
    to: 'lagMax: 14, offloadAfter: 50GB',
    faults: ['ring.yaml:20:41: zones.global.retention.lagMax: This is 14, and must be a duration such as 36h, 14d, 6w or 2y.'],
  },
  {
    what: 'a unit that there is not',
    part: 'lagMax: 14d, offloadAfter: 50GB',
    to: 'lagMax: 14 days, offloadAfter: 50GB',
    faults: [
      'ring.yaml:20:41: zones.global.retention.lagMax: This is "14 days", and must be a duration such as 36h, 14d, 6w or 2y.',
    ],
  },
  {
    what: 'a lag without bound',
    part: 'lagMax: 14d, offloadAfter: 50GB',
    to: 'lagMax: forever, offloadAfter: 50GB',
    faults: [
      'ring.yaml:20:41: zones.global.retention.lagMax: This is "forever", and must be a duration such as 36h, 14d, 6w or 2y.',
    ],
  },
  {
    what: 'a word that is not forever',
    part: 'keep: forever, lagMax: 14d, offloadAfter: 50GB',
    to: 'keep: always, lagMax: 14d, offloadAfter: 50GB',
    faults: [
      'ring.yaml:20:24: zones.global.retention.keep: This is "always", and must be forever, or a duration such as 36h, 14d, 6w or 2y.',
    ],
  },
  {
    what: 'a size without a unit',
    part: 'offloadAfter: 50GB',
    to: 'offloadAfter: 50',
    faults: [
      'ring.yaml:20:60: zones.global.retention.offloadAfter: This is 50, and must be never, or a size such as 500MB, 50GB or 2TB.',
    ],
  },
  {
    what: 'shorter than a subscriber may lag',
    part: '    legalGround: Data minimisation.\n    retention: { keep: forever',
    to: '    legalGround: Data minimisation.\n    retention: { keep: 36h',
    faults: [
      'ring.yaml:33:24: zones.evidence.retention.keep: Records are kept for 36h, and a subscriber may be 14d behind: it would lose what it has not read. Keep them for longer than lagMax.',
    ],
  },
  {
    what: 'of what views are built from',
    part: '    legalGround: Standard contractual clauses.\n    retention: { keep: forever',
    to: '    legalGround: Standard contractual clauses.\n    retention: { keep: 2y',
    faults: [
      'ring.yaml:25:24: zones.casework.retention.keep: Records are gone after 730d, and "case_steps" is built from it: a rebuild would lose what is older. Keep them forever, and offload what is old.',
    ],
  },
  {
    what: 'a time to live on what views are built from',
    part: '    legalGround: Standard contractual clauses.\n    retention: { keep: forever, lagMax: 14d }',
    to: '    legalGround: Standard contractual clauses.\n    retention: { keep: forever, lagMax: 14d, messageTtl: 30d }',
    faults: [
      'ring.yaml:25:58: zones.casework.retention.messageTtl: After 30d what nobody has read would count as read, and "case_steps" is built from it: they would lack it and nobody would know. Take it out.',
    ],
  },
  {
    what: 'a time to live that is shorter than the lag',
    part: '    legalGround: Data minimisation.\n    retention: { keep: forever, lagMax: 14d }',
    to: '    legalGround: Data minimisation.\n    retention: { keep: forever, lagMax: 14d, messageTtl: 13d }',
    faults: [
      'ring.yaml:33:58: zones.evidence.retention.messageTtl: After 13d what nobody has read would count as read, and a subscriber may be 14d behind. Make it longer than lagMax.',
    ],
  },
  {
    what: 'an offload of every few records',
    part: 'offloadAfter: 50GB',
    to: 'offloadAfter: 5MB',
    faults: [
      'ring.yaml:20:60: zones.global.retention.offloadAfter: 5MB for each partition is so little that every few records would be an object in the cheaper storage: choose 100MB to 100TB, or never.',
    ],
  },
  {
    what: 'an offload that never comes',
    part: 'offloadAfter: 50GB',
    to: 'offloadAfter: 900TB',
    faults: [
      'ring.yaml:20:60: zones.global.retention.offloadAfter: 900TB for each partition is more than a disk has, so nothing would ever be offloaded: choose 100MB to 100TB, or never.',
    ],
  },
];

describe('Retention', () => {
  it.each(refused)('$what is refused', ({ part, to, faults }) => {
    expect(faultsOf(part, to)).toEqual(faults);
  });
});
