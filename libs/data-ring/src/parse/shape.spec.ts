import { describe, expect, it } from '@jest/globals';

import { faultsOf, type Refused } from './policy-text.fixture.js';

const refused: readonly Refused[] = [
  {
    what: 'a version that nobody knows',
    part: 'version: 1',
    to: 'version: 2',
    faults: ['ring.yaml:1:10: version: This is 2, and must be 1: the version of this format.'],
  },
  {
    what: 'a setting that is slightly misspelt',
    part: 'tenant: ringside',
    to: 'tennant: ringside',
    faults: [
      'ring.yaml:1:1: tenant: "tenant" is missing. Pulsar\'s tenant, and what the names of keyspaces begin with.',
      'ring.yaml:2:1: tennant: There is no setting "tennant" here. Did you mean "tenant"?',
    ],
  },
  {
    what: 'a setting that is like no other',
    part: '    label: Europe\n',
    to: '    label: Europe\n    continent: EU\n',
    faults: [
      'ring.yaml:6:5: regions.eu.continent: There is no setting "continent" here. There are: label, jurisdiction, successors.',
    ],
  },
  {
    what: 'topics within a zone',
    part: '    purpose: What players wrote.\n',
    to: '    purpose: What players wrote.\n    topics: [appeals]\n',
    faults: [
      'ring.yaml:32:5: zones.evidence.topics: There is no setting "topics" here. A topic names its zone, in the section topics.',
    ],
  },
  {
    what: 'routes of a zone that goes nowhere',
    part: '    purpose: What players wrote.\n',
    to: '    purpose: What players wrote.\n    routes: { eu: [us] }\n',
    faults: [
      'ring.yaml:32:5: zones.evidence.routes: There is no setting "routes" here. There are: kind, purpose, legalGround, retention.',
    ],
  },
  {
    what: 'a section that is missing',
    part: 'homes:\n  rules:\n    - { idPrefix: eu-, region: eu, ground: Accounts made in Europe. }\n  otherwise: hash\n',
    to: '',
    faults: ['ring.yaml:1:1: homes: "homes" is missing. Where the cases of a player are worked.'],
  },
  {
    what: 'a legal ground that is missing',
    part: '    legalGround: Data minimisation.\n',
    to: '',
    faults: [
      'ring.yaml:29:3: zones.evidence.legalGround: "legalGround" is missing. Why its data may be where it is: the article, the contract.',
    ],
  },
  {
    what: 'a legal ground that says nothing',
    part: 'Data minimisation.',
    to: '""',
    faults: ['ring.yaml:32:18: zones.evidence.legalGround: This is "", and must be a text that says something.'],
  },
  {
    what: 'a purpose that is a novel',
    part: 'What players wrote.',
    to: 'x'.repeat(501),
    faults: ['ring.yaml:31:14: zones.evidence.purpose: This must be a text of at most 500 characters.'],
  },
  {
    what: 'a number where a text is due',
    part: 'Data minimisation.',
    to: '7',
    faults: ['ring.yaml:32:18: zones.evidence.legalGround: This is 7, and must be a text.'],
  },
  {
    what: 'a kind of zone that there is not',
    part: 'kind: regional',
    to: 'kind: local',
    faults: [
      'ring.yaml:30:11: zones.evidence.kind: This is "local", and must be global (every region), cross-region (chosen regions) or regional (never leaves).',
    ],
  },
  {
    what: 'a zone without a kind',
    part: '    kind: regional\n',
    to: '',
    faults: ['ring.yaml:29:3: zones.evidence.kind: "kind" is missing. How far it goes: global, cross-region or regional.'],
  },
  {
    what: 'a list that is none',
    part: 'successors: [eu]',
    to: 'successors: eu',
    faults: ['ring.yaml:11:17: regions.us.successors: This is "eu", and must be a list of regions, such as [a, b].'],
  },
  {
    what: 'regions that are a list',
    part: 'topics:\n',
    to: 'topics: [reports]\nxtopics:\n',
    faults: [
      'ring.yaml:39:9: topics: This must be a map of names.',
      'ring.yaml:40:1: xtopics: There is no setting "xtopics" here. Did you mean "topics"?',
    ],
  },
  {
    what: 'an entry that is empty',
    part: '  intake: { produce: [global, evidence], consume: [global] }',
    to: '  intake:',
    faults: ['ring.yaml:50:10: services.intake: This is empty, and must be a service: { produce: [...], consume: [...] }.'],
  },
  {
    what: 'a home that is neither',
    part: 'otherwise: hash',
    to: 'otherwise: eu',
    faults: [
      'ring.yaml:56:14: homes.otherwise: This is "eu", and must be hash (a share of the players for each region), { hashOver: [...] } or { region: ... }.',
    ],
  },
  {
    what: 'a rule of homes without a ground',
    part: ', ground: Accounts made in Europe. }',
    to: ' }',
    faults: ['ring.yaml:55:7: homes.rules[0].ground: "ground" is missing. Why these players are at home there.'],
  },
  {
    what: 'an empty prefix',
    part: 'idPrefix: eu-',
    to: 'idPrefix: ""',
    faults: ['ring.yaml:55:19: homes.rules[0].idPrefix: This is "", and must be how the ids begin.'],
  },
];

describe('A policy with', () => {
  it.each(refused)('$what is refused', ({ part, to, faults }) => {
    expect(faultsOf(part, to)).toEqual(faults);
  });
});
