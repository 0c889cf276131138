import { describe, expect, it } from '@jest/globals';
import { versionIn, type CaseStep } from '@ringside/casework';
import type { JsonObject } from '@ringside/core';

import { historyOf, type BeforeTerm, type EarlierStep, type KnownSteps } from './earlier-steps.js';

const step = (caseVersion: number, type = 'CaseNoted', data: object = {}): EarlierStep => ({
  step: { type, at: '2026-01-31T12:00:00.000Z', by: 'casey', data } as unknown as CaseStep,
  caseVersion,
});
const decided = (caseVersion: number): EarlierStep =>
  step(caseVersion, 'DecisionMade', { decision: { decisionId: `c.${caseVersion}`, sanctions: [{ kind: 'ban' }] } });
const reverted = (caseVersion: number, decisionId: string): EarlierStep =>
  step(caseVersion, 'DecisionReverted', { decisionId });
const adopted = (caseVersion: number, basedOn: number): EarlierStep => step(caseVersion, 'CaseAdopted', { basedOn });
const imposed = (decisionId: string, caseVersion: number, reversed: object | null = null): JsonObject =>
  ({ imposed: { decisionId, caseVersion }, reversed }) as unknown as JsonObject;

/** Its versions, or why there is none. */
function history(known: Partial<KnownSteps>, before: Partial<BeforeTerm> = {}): readonly number[] | string {
  const { steps = [], reached = Math.max(...steps.map(({ caseVersion }) => caseVersion)), sanctions = [] } = known;
  try {
    return historyOf({ steps, reached, sanctions }, { term: 9, ...before }).map(({ caseVersion }) => caseVersion);
  } catch (error) {
    return (error as Error).message;
  }
}
const withoutMissing = true;

describe('what a new term goes on from', () => {
  it('is the last step of the latest term, with those before it', () => {
    const steps = [step(1), step(2), step(3), adopted(versionIn(1, 3), 2), step(versionIn(1, 4))];
    expect(history({ steps })).toEqual([1, 2, versionIn(1, 3), versionIn(1, 4)]);
    expect(history({ steps }, { upTo: 3 })).toEqual([1, 2, 3]);
  });

  it('is not there before all steps are that are known of', () => {
    expect(history({ steps: [step(1)], reached: 2 })).toContain('come to step 2');
    expect(history({ steps: [step(1)], reached: 2 }, { withoutMissing })).toEqual([1]);
    expect(history({ steps: [step(1), step(3)] }, { withoutMissing })).toContain('step 2 is not here');
  });

  it('is no step of which nobody has heard what it came to', () => {
    const steps = [step(1), step(2), step(3)];
    expect(history({ steps, reached: 1 })).toContain('followed from its step 2');
    expect(history({ steps, reached: 1 }, { withoutMissing })).toEqual([1]);
    expect(history({ steps, reached: 0 }, { upTo: 3 })).toEqual([1, 2, 3]); // a term has begun there: it is as it is
  });

  it('is no step beside the history, although that has been heard of', () => {
    const steps = [step(1), step(2), step(3), adopted(versionIn(1, 3), 2)];
    expect(history({ steps, reached: 3 }, { withoutMissing })).toEqual([1, 2]);
  });

  it('is no step of which the sanctions have not come, imposed or taken back', () => {
    const steps = [step(1), decided(2), step(3), reverted(4, 'c.2'), step(5)];
    const by = { at: '2026-01-31T13:00:00.000Z', because: 'reverted' };
    expect(history({ steps })).toContain('followed from its step 2');
    expect(history({ steps }, { withoutMissing })).toEqual([1]);
    expect(history({ steps, sanctions: [imposed('c.2', 2)] })).toContain('followed from its step 4');
    expect(history({ steps, sanctions: [imposed('c.2', 2)] }, { withoutMissing })).toEqual([1, 2, 3]);
    expect(history({ steps, sanctions: [imposed('c.2', 2, by)] })).toEqual([1, 2, 3, 4, 5]);
  });

  it('is not mistaken in what the same decision imposed elsewhere, by a step that is superseded', () => {
    const decision = { decisionId: 'c.1', sanctions: [{ kind: 'ban' }] };
    const proposed = step(1, 'DecisionProposed', { decision });
    const approved = step(versionIn(1, 3), 'DecisionApproved', { decisionId: 'c.1' });
    const steps = [proposed, adopted(versionIn(1, 2), 1), approved];
    expect(history({ steps, sanctions: [imposed('c.1', 2)] })).toContain(`followed from its step ${versionIn(1, 3)}`);
    expect(history({ steps, sanctions: [imposed('c.1', 2), imposed('c.1', versionIn(1, 3))] })).toHaveLength(3);
  });
});
