import { describe, expect, it } from '@jest/globals';

import { parsePolicy } from './parse/parse-policy.js';
import { policyText } from './parse/policy-text.fixture.js';
import type { RingPolicy } from './policy.js';
import { whereIs } from './where-is.js';

const policy = (parsePolicy(policyText) as { readonly value: RingPolicy }).value;
const whats = (query: string): readonly string[] => whereIs(policy, query).found.map(({ what }) => what);

describe('Where a thing may be', () => {
  it('is said of a personal field that stays where it was written', () => {
    expect(whereIs(policy, 'ReportEvidenceFiled.description')).toEqual({
      found: [
        {
          what: 'ReportEvidenceFiled.description',
          is: 'field',
          personal: ['ReportEvidenceFiled.description'],
          topics: ['report-evidence'],
          zone: 'evidence',
          kind: 'regional',
          purpose: 'What players wrote.',
          legalGround: 'Data minimisation.',
          reach: [
            { origin: 'eu', regions: ['eu'] },
            { origin: 'us', regions: ['us'] },
            { origin: 'ap', regions: ['ap'] },
          ],
          log: [{ topic: 'persistent://ringside/evidence/report-evidence', regions: ['eu', 'us', 'ap'] }],
          views: [],
          readers: ['team'],
          sentence:
            'ReportEvidenceFiled.description, the field, is personal. It is in the zone evidence (regional): it stays in the region where it was written. Data minimisation.',
        },
      ],
    });
  });

  it('is said of an event by the home of the player whom it is about', () => {
    const [found] = whereIs(policy, 'DecisionMade').found;
    expect(found).toMatchObject({
      is: 'event',
      personal: ['DecisionMade.decision.facts'],
      log: [
        { topic: 'persistent://ringside/casework-eu/cases.eu', regions: ['eu', 'us'] },
        { topic: 'persistent://ringside/casework-us/cases.us', regions: ['eu', 'us'] },
        { topic: 'persistent://ringside/casework-ap/cases.ap', regions: ['ap'] },
      ],
      views: ['case_steps'],
    });
    expect(found!.sentence).toBe(
      'DecisionMade, the event, has personal fields (DecisionMade.decision.facts). It is in the zone casework (cross-region): what is about players at home in eu may be in eu and us; what is about players at home in us may be in us and eu; what is about players at home in ap may be in ap. Standard contractual clauses.',
    );
  });

  it('is said of what goes everywhere', () => {
    const [found] = whereIs(policy, 'reports').found;
    expect(found).toMatchObject({ is: 'topic', personal: [], readers: ['intake', 'team'] });
    expect(found!.sentence).toBe(
      'reports, the topic, has no personal field. It is in the zone global: it may be in every region (eu, us and ap). No field in it is personal.',
    );
  });

  it('is said of a view, whose rows may have what its topics have', () => {
    const [found] = whereIs(policy, 'case_steps').found;
    expect(found).toMatchObject({ is: 'view', zone: 'casework', topics: ['cases'], views: ['case_steps'] });
    expect(found!.personal).toContain('CaseNoted.text');
    expect(found!.sentence).toMatch(/^case_steps, the view, may have personal fields \(/);
  });

  it('is found by the end of a field, in every event that has one of that name', () => {
    expect(whats('text')).toEqual(['ReportEvidenceFiled.chat[].text', 'CaseNoted.text']);
    expect(whats('chat[].text')).toEqual(['ReportEvidenceFiled.chat[].text']);
    expect(whats('facts')).toEqual(['DecisionProposed.decision.facts', 'DecisionMade.decision.facts', 'AppealDecided.facts']);
  });

  it('is found by the name that a topic has in the log', () => {
    expect(whats('cases.eu')).toEqual(['cases']);
  });

  it('includes fields of older versions, which the log still has', () => {
    expect(whats('reportedId')).toEqual(['ReportFiled.reportedId']);
  });

  it('calls personal what lies in something personal, and nothing that is in an event for everybody', () => {
    expect(whereIs(policy, 'ReportEvidenceFiled.chat[].playerId').found[0]!.personal).toHaveLength(1);
    expect(whereIs(policy, 'subjectHomeRegion').found[0]!.personal).toEqual([]);
  });

  it.each([
    ['reprots', 'Nothing is called "reprots". Did you mean "reports"?'],
    ['DescisionMade', 'Nothing is called "DescisionMade". Did you mean "DecisionMade"?'],
    [
      'constructor',
      'Nothing is called "constructor". Ask for an event type, a topic (reports, sanctions, reporters, ring, cases, report-evidence and appeals), a view or a field.',
    ],
  ])('is not said of %s, but what may have been meant', (query, message) => {
    expect(whereIs(policy, query)).toEqual({ found: [], message });
  });
});
