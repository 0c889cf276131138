import { describe, expect, it } from '@jest/globals';
import {
  anyCaseEvents,
  anyCommandsOf,
  casePeople,
  commandsOn,
  eventOfStep,
  frozen,
  lifecycleCommands,
  playLawfully,
  reportedFor,
} from '@ringside/testing';
import fc from 'fast-check';

import type { LifecycleCommand } from './case-command.js';
import { stepOf } from './case-step.js';
import { lifecycle, permanentBan, suspension, uphold } from './lifecycle.fixture.js';

const command = commandsOn<LifecycleCommand>(reportedFor('aimbot'));
const { ann, lee } = casePeople;
const commands = {
  ...lifecycleCommands(command),
  suspend: command(uphold(suspension), lee),
  ban: command(uphold(permanentBan), ann),
  release_of_another: command({ kind: 'release', of: 'bob' }, lee),
  resume_for_a_reason: command({ kind: 'resume', reason: 'Waits for a translation.' }, ann),
  without_text: command({ kind: 'note', text: ' ' }, ann),
  without_clause: command({ kind: 'decide', verdict: 'uphold', facts: '\u0000', sanctions: [{ kind: 'mute' }] }, ann),
};

describe('whatever commands come in whatever order', () => {
  it('the lifecycle is pure, repeats nothing, says why it refuses, and takes steps of the contract alone', () => {
    const taken = new Set<string>();
    fc.assert(
      fc.property(anyCommandsOf(commands), (drafts) => {
        for (const { before, events } of playLawfully(lifecycle, drafts)) {
          for (const [index, step] of events.entries()) {
            expect(stepOf(eventOfStep(step, before.version + index + 1))).toStrictEqual(step);
            taken.add(step.type);
          }
        }
      }),
    );
    expect([...taken]).toEqual(expect.arrayContaining(['CaseClaimed', 'CaseNoted', 'DecisionMade']));
  });
});

describe('whatever steps a stream has', () => {
  it('they are all taken in, none changes the state before, and what is named by an id has that id', () => {
    fc.assert(
      fc.property(anyCaseEvents, (events) => {
        let state = frozen(lifecycle.initialState);
        for (const step of events.map(stepOf)) {
          const after = frozen(lifecycle.evolve(state, step));
          if (step.type !== 'CaseAdopted') expect(after.version).toBe(state.version + 1);
          // What ended has ended, and no step makes a decision or an appeal out of nothing.
          for (const [id, { state: was }] of Object.entries(state.decisions)) {
            const isMadeAnew = step.type === 'DecisionMade' || step.type === 'DecisionProposed';
            if (was === 'reverted' || was === 'overturned' || was === 'rejected')
              expect(isMadeAnew ? was : after.decisions[id]!.state).toBe(was);
          }
          state = after;
        }
        for (const [id, decision] of Object.entries(state.decisions)) expect(decision.decisionId).toBe(id);
        for (const [id, appeal] of Object.entries(state.appeals)) expect(appeal.appealId).toBe(id);
        expect(JSON.parse(JSON.stringify(state))).toEqual(state);
      }),
    );
  });
});
