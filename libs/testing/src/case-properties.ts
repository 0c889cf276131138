import { describe, expect, it } from '@jest/globals';
import type { Decider } from '@ringside/core';
import type { CaseEvent } from '@ringside/events';
import fc from 'fast-check';

import { anyCaseEvents, anyCommandsOf, eventOfStep, type CommandOfTeam, type StepOfCase } from './case-laws.js';
import { frozen, playLawfully } from './decider-laws.js';

/** What every team's case has of its own history. */
interface WorkedCase {
  readonly version: number;
  readonly decisions: Readonly<Record<string, { readonly decisionId: string }>>;
  readonly appeals: Readonly<Record<string, { readonly appealId: string }>>;
}

export interface CaseOfTeam<State, Command, Step, Refusal> {
  readonly decider: Decider<State, Command, Step, Refusal>;
  /** A command for each kind that the team knows, as its table of decisions has them. */
  readonly commands: Readonly<Record<string, Command>>;
  /** The step that an event of a stream is. */
  readonly stepOf: (event: CaseEvent) => unknown;
  /** A step that only this team takes. */
  readonly ownStep: string;
}

/** Specs that hold for the decider of every team, whatever commands and steps come. */
export function describeAnyCase<
  State extends WorkedCase,
  Command extends CommandOfTeam,
  Step extends StepOfCase,
  Refusal extends { readonly code: string; readonly detail: string },
>({ decider, commands, stepOf, ownStep }: CaseOfTeam<State, Command, Step, Refusal>): void {
  describe('whatever commands come in whatever order', () => {
    it('the decider is pure, repeats nothing, says why it refuses, and takes steps of the contract alone', () => {
      const taken = new Set<string>();
      fc.assert(
        fc.property(anyCommandsOf(commands), (drafts) => {
          for (const { before, events } of playLawfully(decider, drafts)) {
            for (const [index, step] of events.entries()) {
              const event = eventOfStep(step, before.version + index + 1);
              expect(stepOf(event)).toEqual(step);
              taken.add(step.type);
            }
          }
        }),
      );
      // The commands of this property are not all refused.
      expect([...taken]).toEqual(expect.arrayContaining([ownStep, 'CaseClaimed', 'CaseNoted']));
    });
  });

  describe('whatever steps a stream has', () => {
    it('they are all taken in, none changes the state before, and what is named by an id has that id', () => {
      fc.assert(
        fc.property(anyCaseEvents, (events) => {
          const state = events
            .map((event) => stepOf(event) as Step)
            .reduce((before, step) => frozen(decider.evolve(before, step)), frozen(decider.initialState));
          for (const [id, decision] of Object.entries(state.decisions)) expect(decision.decisionId).toBe(id);
          for (const [id, appeal] of Object.entries(state.appeals)) expect(appeal.appealId).toBe(id);
          expect(JSON.parse(JSON.stringify(state))).toEqual(state);
          expect(state.version).toBeGreaterThanOrEqual(events.length);
        }),
      );
    });
  });
}
