import { describe, expect, it } from '@jest/globals';

import { faultsOf, type Refused } from '../parse/policy-text.fixture.js';

const refused: readonly Refused[] = [
  {
    what: 'a zone that there is not',
    part: 'case_steps: { zone: casework',
    to: 'case_steps: { zone: caseworks',
    faults: ['ring.yaml:48:23: views.case_steps.zone: There is no zone "caseworks" in this policy. Did you mean "casework"?'],
  },
  {
    what: 'a topic that there is not',
    part: 'from: [cases]',
    to: 'from: [case]',
    faults: ['ring.yaml:48:40: views.case_steps.from[0]: There is no topic "case" in this policy. Did you mean "cases"?'],
  },
  {
    what: 'a topic that is listed twice',
    part: 'from: [cases]',
    to: 'from: [cases, cases]',
    faults: ['ring.yaml:48:47: views.case_steps.from[1]: "cases" is in this list already: take it out.'],
  },
  {
    what: 'no topic',
    part: 'from: [cases]',
    to: 'from: []',
    faults: ['ring.yaml:48:39: views.case_steps.from: A view is built from one topic or more: name them.'],
  },
  {
    what: 'in a wider zone than a topic',
    part: 'case_steps: { zone: casework, from: [cases] }',
    to: 'case_steps: { zone: global, from: [reports, cases] }',
    faults: [
      'ring.yaml:48:47: views.case_steps.from[1]: The view is in "global" and would be in ap with what "cases" has of eu, which "casework" keeps in eu, us. Put the view in "casework", or a zone that is no wider.',
    ],
  },
  {
    what: 'in a cross-region zone, of what is regional',
    part: 'case_steps: { zone: casework, from: [cases] }',
    to: 'case_steps: { zone: casework, from: [appeals] }',
    faults: [
      'ring.yaml:48:40: views.case_steps.from[0]: The view is in "casework" and would be in us with what "appeals" has of eu, which "evidence" keeps in eu. Put the view in "evidence", or a zone that is no wider.',
    ],
  },
  {
    what: 'that nobody may build',
    part: 'consume: [global, casework, evidence]',
    to: 'consume: [global, evidence]',
    faults: [
      'ring.yaml:48:3: views.case_steps: No service may consume casework, so nobody could build it: give it to one under services, or take the view out.',
    ],
  },
];

describe('A view', () => {
  it.each(refused)('$what is refused', ({ part, to, faults }) => {
    expect(faultsOf(part, to)).toEqual(faults);
  });
});
