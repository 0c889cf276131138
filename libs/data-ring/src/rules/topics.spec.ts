import { describe, expect, it } from '@jest/globals';

import { faultsOf, type Refused } from '../parse/policy-text.fixture.js';

const refused: readonly Refused[] = [
  {
    what: 'a topic that the contract does not have',
    part: '  reporters: { zone: global }',
    to: '  reporters: { zone: global }\n  reportes: { zone: global }',
    faults: ['ring.yaml:43:3: topics.reportes: The contract has no topic "reportes". Did you mean "reports"?'],
  },
  {
    what: 'a topic of the contract that has no zone',
    part: '  reporters: { zone: global }\n',
    to: '',
    faults: [
      'ring.yaml:39:1: topics: The topic "reporters" of the contract is in no zone, so nobody knows where its events may be: give it one.',
    ],
  },
  {
    what: 'a zone that there is not',
    part: 'reporters: { zone: global }',
    to: 'reporters: { zone: globl }',
    faults: ['ring.yaml:42:22: topics.reporters.zone: There is no zone "globl" in this policy. Did you mean "global"?'],
  },
  {
    what: 'personal events in a global zone',
    part: 'report-evidence: { zone: evidence }',
    to: 'report-evidence: { zone: global }',
    faults: [
      'ring.yaml:45:28: topics.report-evidence.zone: "global" is global, and "report-evidence" has personal fields, which would go to every region: ReportEvidenceFiled.description, ReportEvidenceFiled.chat, ReportEvidenceFiled.replayUrl, ReportEvidenceFiled.telemetry. Choose a zone that is regional.',
    ],
  },
  {
    what: 'a regional topic in a cross-region zone',
    part: 'report-evidence: { zone: evidence }',
    to: 'report-evidence: { zone: casework }',
    faults: [
      'ring.yaml:45:28: topics.report-evidence.zone: "casework" is cross-region, and the contract made the events of "report-evidence" for a regional zone: they may go less far than that, and no further.',
    ],
  },
  {
    what: 'promotions that not everybody hears of',
    part: '  ring: { zone: control }',
    to: '  ring: { zone: evidence }',
    faults: [
      'ring.yaml:43:17: topics.ring.zone: "evidence" is regional, and every region must hear of a promotion: "ring" is in a global zone.',
    ],
  },
  {
    what: 'events of nobody in a cross-region zone',
    part: 'reporters: { zone: global }',
    to: 'reporters: { zone: casework }',
    faults: [
      'ring.yaml:42:22: topics.reporters.zone: "casework" is cross-region, where an event goes by the home of its player, and ReporterStandingChanged of "reporters" has no subjectId: choose a global zone or a regional one.',
    ],
  },
];

describe('The topics of a policy with', () => {
  it.each(refused)('$what is refused', ({ part, to, faults }) => {
    expect(faultsOf(part, to)).toEqual(faults);
  });
});
