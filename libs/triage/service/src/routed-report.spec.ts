import { describe, expect, it } from '@jest/globals';
import { attach, type Attachment } from '@ringside/casework';
import { aReport, rerouted } from '@ringside/testing';

import { routedReport } from './routed-report.js';

const report = aReport({ reason: 'other' });
const rules = { captures: () => true, weigh: () => ({ severity: 1, decideWithinHours: 1 }) };
const first = attach(undefined, report, rules);
const second = attach(first, rerouted(report, 'griefing'), rules);

const ofOlderGeneration = ({ priorReasons: _, ...row }: Attachment) => row;

describe('a report as a rerouting names it', () => {
  it('has every reason that it had, oldest first', () => {
    expect(routedReport(first).priorReasons).toEqual(['other']);
    expect(routedReport(second).priorReasons).toEqual(['other', 'griefing']);
    const third = { ...second, reason: 'teaming', reroutings: 2, priorReasons: ['other', 'griefing'] };
    expect(routedReport(third).priorReasons).toEqual(['other', 'griefing', 'teaming']);
  });

  it('goes from its first reason to the one that counts where its row does not say more, in as many steps', () => {
    expect(routedReport(ofOlderGeneration(first)).priorReasons).toEqual(['other']);
    expect(routedReport(ofOlderGeneration(second)).priorReasons).toEqual(['other', 'griefing']);
    const third = { ...second, reason: 'teaming', reroutings: 2 };
    expect(routedReport(ofOlderGeneration(third)).priorReasons).toEqual(['other', 'other', 'teaming']);
  });
});
