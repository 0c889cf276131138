import { describe, expect, it } from '@jest/globals';

import { faultsOf, type Refused } from '../parse/policy-text.fixture.js';

const refused: readonly Refused[] = [
  {
    what: 'a tenant that is no CQL identifier',
    part: 'tenant: ringside',
    to: 'tenant: Ring-Side',
    faults: [
      'ring.yaml:2:9: tenant: "Ring-Side" cannot be a tenant of Pulsar and the beginning of a keyspace\'s name: it takes lower case letters, digits and underscores, beginning with a letter, at most 15.',
    ],
  },
  {
    what: "a tenant that is the server's own",
    part: 'tenant: ringside',
    to: 'tenant: pulsar',
    faults: ['ring.yaml:2:9: tenant: "pulsar" is the servers\' own: choose another name.'],
  },
  {
    what: 'a region that Pulsar does not take',
    part: '  ap:\n',
    to: '  Ap_1:\n',
    faults: [
      'ring.yaml:12:3: regions.Ap_1: "Ap_1" cannot name a region, for Pulsar and the events have it as well: it takes lower case letters, digits and hyphens, beginning with a letter, at most 32.',
    ],
  },
  {
    what: 'a region whose name Pulsar reserves',
    part: '  ap:\n',
    to: '  global:\n',
    faults: [
      'ring.yaml:12:3: regions.global: "global" cannot name a region: Pulsar gives that name a meaning of its own. Choose another.',
    ],
  },
  {
    what: 'a zone that Pulsar does not take',
    part: '  evidence:\n    kind',
    to: '  evidence/all:\n    kind',
    faults: [
      'ring.yaml:29:3: zones.evidence/all: "evidence/all" cannot name a zone, for Pulsar and the events have it as well: it takes lower case letters, digits and hyphens, beginning with a letter, at most 32.',
      'ring.yaml:45:28: topics.report-evidence.zone: There is no zone "evidence" in this policy. Did you mean "evidence/all"?',
      'ring.yaml:46:20: topics.appeals.zone: There is no zone "evidence" in this policy. Did you mean "evidence/all"?',
      'ring.yaml:50:31: services.intake.produce[1]: There is no zone "evidence" in this policy. Did you mean "evidence/all"?',
      'ring.yaml:51:68: services.team.consume[2]: There is no zone "evidence" in this policy. Did you mean "evidence/all"?',
    ],
  },
  {
    what: 'a service that Pulsar does not take',
    part: '  intake:',
    to: '  in.take:',
    faults: [
      'ring.yaml:50:3: services.in.take: "in.take" cannot name a service, for Pulsar and the events have it as well: it takes lower case letters, digits and hyphens, beginning with a letter, at most 32.',
    ],
  },
  {
    what: 'a view that CQL does not take',
    part: '  case_steps:',
    to: '  case-steps:',
    faults: [
      'ring.yaml:48:3: views.case-steps: "case-steps" cannot name a table in CQL: it takes lower case letters, digits and underscores, beginning with a letter, at most 40.',
    ],
  },
  {
    what: 'zones that would be one namespace',
    part: 'topics:\n',
    to: '  casework-eu:\n    kind: global\n    purpose: Else.\n    legalGround: None.\n    retention: { keep: forever, lagMax: 1d }\ntopics:\n',
    faults: [
      'ring.yaml:39:3: zones.casework-eu: The zones "casework" and "casework-eu" would both be the namespace "casework-eu" (a cross-region zone has one for each region of origin), and their data would mix: call one of them otherwise.',
    ],
  },
];

describe('A policy with', () => {
  it.each(refused)('$what is refused', ({ part, to, faults }) => {
    expect(faultsOf(part, to)).toEqual(faults);
  });
});
