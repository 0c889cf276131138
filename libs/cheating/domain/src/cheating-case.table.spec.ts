import { describe, expect, it } from '@jest/globals';
import { given, outcomeOf, pairsOf, type DeciderTable } from '@ringside/testing';

import { cheatingCase } from './cheating-case.js';
import { commands, states } from './cheating-case.fixture.js';

const table: DeciderTable = {
  claim: {
    CaseClaimed: 'fresh lapsed proposed expired decided appealed settled overturned reverted',
    CaseClaimRenewed: 'mine held escalated assembled reclaimed',
    wrong_state: 'theirs',
  },
  release: {
    CaseReleased: 'mine held escalated assembled reclaimed',
    wrong_state: 'fresh theirs lapsed proposed expired decided appealed settled overturned reverted',
  },
  hand_over: {
    CaseHandedOver: 'mine held escalated assembled reclaimed',
    wrong_state: 'fresh theirs lapsed proposed expired decided appealed settled overturned reverted',
  },
  hold: {
    CaseHeld: 'mine escalated assembled reclaimed',
    wrong_state: 'fresh theirs lapsed held proposed expired decided appealed settled overturned reverted',
  },
  resume: {
    CaseResumed: 'held',
    wrong_state:
      'fresh mine theirs lapsed escalated assembled proposed expired decided reclaimed appealed settled overturned reverted',
  },
  note: {
    CaseNoted:
      'fresh mine theirs lapsed held escalated assembled proposed expired decided reclaimed appealed settled overturned reverted',
  },
  escalate: {
    CaseEscalated:
      'fresh mine theirs lapsed held assembled proposed expired decided reclaimed appealed settled overturned reverted',
    wrong_state: 'escalated',
  },
  assemble_evidence: {
    EvidenceAssembled:
      'fresh mine lapsed escalated assembled proposed expired decided reclaimed appealed settled overturned reverted',
    wrong_state: 'theirs held',
  },
  uphold: {
    DecisionMade: 'fresh mine lapsed escalated assembled expired decided reclaimed appealed settled overturned reverted',
    wrong_state: 'theirs held proposed',
  },
  propose: {
    DecisionProposed: 'fresh mine lapsed escalated assembled expired decided reclaimed appealed settled overturned reverted',
    wrong_state: 'theirs held proposed',
  },
  dismiss: {
    DecisionMade: 'fresh mine lapsed escalated assembled expired decided reclaimed appealed settled overturned reverted',
    wrong_state: 'theirs held proposed',
  },
  inconclusive: {
    DecisionMade: 'fresh mine lapsed escalated assembled expired decided reclaimed appealed settled overturned reverted',
    wrong_state: 'theirs held proposed',
  },
  approve: {
    DecisionApproved: 'proposed',
    not_found: 'fresh mine theirs lapsed held escalated assembled',
    wrong_state: 'expired decided reclaimed appealed settled overturned reverted',
  },
  reject: {
    DecisionRejected: 'proposed',
    not_found: 'fresh mine theirs lapsed held escalated assembled',
    wrong_state: 'expired decided reclaimed appealed settled overturned reverted',
  },
  revert: {
    DecisionReverted: 'decided reclaimed settled',
    not_found: 'fresh mine theirs lapsed held escalated assembled',
    wrong_state: 'proposed expired appealed overturned reverted',
  },
  open_appeal: {
    AppealOpened: 'decided reclaimed',
    AppealRefused: 'fresh mine theirs lapsed held escalated assembled proposed expired appealed settled overturned reverted',
  },
  decide_appeal: {
    AppealDecided: 'appealed',
    not_found: 'fresh mine theirs lapsed held escalated assembled proposed expired decided reclaimed reverted',
    wrong_state: 'settled overturned',
  },
  tick: {
    DeadlineApproached: 'fresh mine theirs escalated assembled proposed decided reclaimed appealed settled overturned reverted',
    'CaseReleased + DeadlineApproached': 'lapsed',
    'DecisionRejected + DeadlineApproached': 'expired',
    nothing: 'held',
  },
};

const pairs = pairsOf(table);

describe('each state and command of a case of the cheating team', () => {
  it('has one expectation', () => {
    const all = Object.keys(commands).flatMap((command) => Object.keys(states).map((state) => `${command} when ${state}`));
    expect(pairs.map(({ command, state }) => `${command} when ${state}`).sort()).toEqual(all.sort());
  });

  it.each(pairs)('$command when $state: $expected; again: no step', ({ state, command, expected }) => {
    const { result, again } = given(cheatingCase, states[state]).when(commands[command]!);
    expect(outcomeOf(result)).toBe(expected);
    expect(again.ok ? again.value : []).toEqual([]);
  });
});
