import { describe, expect, it } from '@jest/globals';
import { stepOf } from '@ringside/casework';
import { anyCaseEvents, anyCommandsOf, eventOfStep, frozen, playLawfully } from '@ringside/testing';
import fc from 'fast-check';

import { triageCase } from './triage-case.js';
import { commands } from './triage-case.fixture.js';

describe('whatever commands come in whatever order', () => {
  it('the decider is pure, repeats nothing, says why it refuses, and takes steps of the contract alone', () => {
    const taken = new Set<string>();
    fc.assert(
      fc.property(anyCommandsOf(commands), (drafts) => {
        for (const { before, events } of playLawfully(triageCase, drafts)) {
          for (const [index, step] of events.entries()) {
            const event = eventOfStep(step, before.version + index + 1);
            expect(stepOf(event)).toEqual(step);
            taken.add(step.type);
          }
        }
      }),
    );
    // The commands of this property are not all refused.
    expect([...taken]).toEqual(expect.arrayContaining(['CaseReportsRerouted', 'CaseClaimed', 'CaseNoted']));
  });
});

describe('whatever steps a stream has', () => {
  it('they are all taken in, none changes the state before, and what is named by an id has that id', () => {
    fc.assert(
      fc.property(anyCaseEvents, (events) => {
        const state = events
          .map(stepOf)
          .reduce((before, step) => frozen(triageCase.evolve(before, step)), frozen(triageCase.initialState));
        for (const [id, decision] of Object.entries(state.decisions)) expect(decision.decisionId).toBe(id);
        for (const [id, appeal] of Object.entries(state.appeals)) expect(appeal.appealId).toBe(id);
        expect(JSON.parse(JSON.stringify(state))).toEqual(state);
        expect(state.version).toBeGreaterThanOrEqual(events.length);
      }),
    );
  });
});
