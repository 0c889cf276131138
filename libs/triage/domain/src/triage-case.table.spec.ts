import { describe, expect, it } from '@jest/globals';
import { given, outcomeOf, pairsOf, type DeciderTable } from '@ringside/testing';

import { triageCase } from './triage-case.js';
import { commands, states } from './triage-case.fixture.js';

const table: DeciderTable = {
  claim: {
    CaseClaimed: 'fresh lapsed decided appealed settled overturned reverted',
    CaseClaimRenewed: 'mine held escalated rerouted reclaimed',
    wrong_state: 'theirs',
  },
  release: {
    wrong_state: 'fresh theirs lapsed decided appealed settled overturned reverted',
    CaseReleased: 'mine held escalated rerouted reclaimed',
  },
  hand_over: {
    wrong_state: 'fresh theirs lapsed decided appealed settled overturned reverted',
    CaseHandedOver: 'mine held escalated rerouted reclaimed',
  },
  hold: {
    wrong_state: 'fresh theirs lapsed held decided appealed settled overturned reverted',
    CaseHeld: 'mine escalated rerouted reclaimed',
  },
  resume: {
    wrong_state: 'fresh mine theirs lapsed escalated rerouted decided reclaimed appealed settled overturned reverted',
    CaseResumed: 'held',
  },
  note: {
    CaseNoted: 'fresh mine theirs lapsed held escalated rerouted decided reclaimed appealed settled overturned reverted',
  },
  escalate: {
    CaseEscalated: 'fresh mine theirs lapsed held rerouted decided reclaimed appealed settled overturned reverted',
    wrong_state: 'escalated',
  },
  reroute: {
    CaseReportsRerouted: 'fresh mine lapsed escalated rerouted decided reclaimed appealed settled overturned reverted',
    wrong_state: 'theirs held',
  },
  reroute_again: {
    CaseReportsRerouted: 'fresh mine lapsed escalated decided reclaimed appealed settled overturned reverted',
    nothing: 'rerouted',
    wrong_state: 'theirs held',
  },
  reroute_elsewhere: {
    CaseReportsRerouted: 'fresh mine lapsed escalated decided reclaimed appealed settled overturned reverted',
    wrong_state: 'theirs held rerouted',
  },
  reroute_all: {
    CaseReportsRerouted: 'fresh mine lapsed escalated rerouted decided reclaimed appealed settled overturned reverted',
    wrong_state: 'theirs held',
  },
  uphold: {
    invalid: 'fresh mine lapsed escalated rerouted decided reclaimed appealed settled overturned reverted',
    wrong_state: 'theirs held',
  },
  dismiss: {
    DecisionMade: 'fresh mine lapsed escalated rerouted decided reclaimed appealed settled overturned reverted',
    wrong_state: 'theirs held',
  },
  inconclusive: {
    DecisionMade: 'fresh mine lapsed escalated rerouted decided reclaimed appealed settled overturned reverted',
    wrong_state: 'theirs held',
  },
  approve: {
    not_found: 'fresh mine theirs lapsed held escalated rerouted',
    wrong_state: 'decided reclaimed appealed settled overturned reverted',
  },
  reject: {
    not_found: 'fresh mine theirs lapsed held escalated rerouted',
    wrong_state: 'decided reclaimed appealed settled overturned reverted',
  },
  revert: {
    not_found: 'fresh mine theirs lapsed held escalated rerouted',
    DecisionReverted: 'decided reclaimed settled',
    wrong_state: 'appealed overturned reverted',
  },
  open_appeal: {
    AppealRefused: 'fresh mine theirs lapsed held escalated rerouted appealed settled overturned reverted',
    AppealOpened: 'decided reclaimed',
  },
  decide_appeal: {
    not_found: 'fresh mine theirs lapsed held escalated rerouted decided reclaimed reverted',
    AppealDecided: 'appealed',
    wrong_state: 'settled overturned',
  },
  tick: {
    DeadlineApproached: 'fresh mine theirs escalated rerouted decided reclaimed appealed settled overturned reverted',
    'CaseReleased + DeadlineApproached': 'lapsed',
    nothing: 'held',
  },
};

const pairs = pairsOf(table);

describe('each state and command of a case of others-triage', () => {
  it('has one expectation', () => {
    const all = Object.keys(commands).flatMap((command) => Object.keys(states).map((state) => `${command} when ${state}`));
    expect(pairs.map(({ command, state }) => `${command} when ${state}`).sort()).toEqual(all.sort());
  });

  it.each(pairs)('$command when $state: $expected; again: no step', ({ state, command, expected }) => {
    const { result, again } = given(triageCase, states[state]).when(commands[command]!);
    expect(outcomeOf(result)).toBe(expected);
    expect(again.ok ? again.value : []).toEqual([]);
  });
});
