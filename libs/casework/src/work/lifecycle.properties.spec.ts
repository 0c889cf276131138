import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { CaseCommand, LifecycleCommand } from './case-command.js';
import type { CaseStep } from './case-step.js';
import type { CaseWork } from './case-work.js';
import { runningClaim } from './claiming.js';
import {
  appeal,
  at,
  background,
  by,
  facts,
  lifecycle,
  permanentBan,
  people,
  report,
  suspension,
  uphold,
} from './lifecycle.fixture.js';
import { pendingProposal } from './proposals.js';

type Person = keyof typeof people;
interface Draft {
  readonly person: Person;
  readonly minutes: number;
  readonly command: LifecycleCommand;
}

const decisionId = fc.integer({ min: 1, max: 25 }).map((version) => `case.${version}`);
const appealId = fc.constantFrom('a1', 'a2', 'a3', 'a4');
const reason = fc.constant('Because.');

const anyCommand: fc.Arbitrary<LifecycleCommand> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ kind: 'claim' } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'release' } as const) },
  fc.record({ kind: fc.constant('hand_over' as const), to: fc.constantFrom('ada', 'ben', 'lea'), reason }),
  fc.record({ kind: fc.constant('hold' as const), reason }),
  { weight: 2, arbitrary: fc.constant({ kind: 'resume' } as const) },
  fc.record({ kind: fc.constant('note' as const), text: fc.constantFrom('Seen.', 'Again.') }),
  fc.record({ kind: fc.constant('escalate' as const), reason }),
  {
    weight: 5,
    arbitrary: fc.constantFrom(uphold(suspension), uphold(permanentBan), uphold({ kind: 'warn' }, suspension)),
  },
  fc.constant({ kind: 'decide', verdict: 'dismiss', facts, sanctions: [] } as const),
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('approve' as const), decisionId }) },
  fc.record({ kind: fc.constantFrom('reject' as const, 'revert' as const), decisionId, reason }),
  { weight: 4, arbitrary: fc.tuple(appealId, decisionId).map(([id, decision]) => appeal(id, decision, 0)) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('decide_appeal' as const),
      appealId,
      outcome: fc.constantFrom('upheld' as const, 'overturned' as const),
      facts: fc.constant(facts),
    }),
  },
  fc.constant({ kind: 'tick', deadlines: [{ deadline: 'decide', dueAt: at(240) }] } as const),
);

const doneBy = (command: LifecycleCommand): fc.Arbitrary<Person> =>
  command.kind === 'open_appeal' || command.kind === 'tick'
    ? fc.constant('system')
    : fc.constantFrom('ada', 'ben', 'ann', 'lea', 'lea');

const drafts: fc.Arbitrary<readonly Draft[]> = fc.array(
  anyCommand.chain((command) =>
    fc.record({ person: doneBy(command), minutes: fc.constantFrom(0, 1, 5, 31, 4_400), command: fc.constant(command) }),
  ),
  { minLength: 10, maxLength: 60 },
);

/** Guessed ids are hardly ever there: commands that name a decision or an appeal name one that is, where there is any. */
function aimed(command: LifecycleCommand, { decisions, appeals }: CaseWork): LifecycleCommand {
  if (command.kind === 'decide_appeal') {
    const open = Object.values(appeals).find(({ state }) => state === 'open');
    return open === undefined ? command : { ...command, appealId: open.appealId };
  }
  const known = Object.keys(decisions);
  if (!('decisionId' in command) || known.length === 0) return command;
  const pick = Number(command.decisionId.slice('case.'.length)) % known.length;
  return { ...command, decisionId: known[pick]! };
}

/** Plays commands one after the other, refused ones too; `seen` looks at every command, the state before and what it led to. */
function play(
  all: readonly Draft[],
  seen: (command: CaseCommand, before: CaseWork, steps: readonly CaseStep[], after: CaseWork) => void,
): CaseWork {
  let work = lifecycle.initialState;
  let minute = 0;
  for (const [index, { person, minutes, command }] of all.entries()) {
    minute += minutes;
    // As views that lag behind would have it: some of these are covered already.
    const openReports = [report(`r${index % 20}`), report(`r${(index + 1) % 20}`), report(`s${index}`)];
    const complete = by(person, minute, aimed(command, work), { background: background({ openReports }) });
    const result = lifecycle.decide(work, complete);
    const steps = result.ok ? result.value : [];
    const after = steps.reduce(lifecycle.evolve, work);
    seen(complete, work, steps, after);
    work = after;
  }
  return work;
}

const coverOf = ({ decisions }: CaseWork) =>
  Object.values(decisions).flatMap(({ state, reportIds }) => (state === 'in_effect' ? reportIds : []));

const holds = (property: (all: readonly Draft[]) => void) => fc.assert(fc.property(drafts, property), { numRuns: 100 });

describe('whatever people and the clock do to a case', () => {
  it('each step counts once, in order', () => {
    holds((all) => {
      play(all, (_command, before, steps, after) => expect(after.version).toBe(before.version + steps.length));
    });
  });

  it('the same command again adds no step', () => {
    holds((all) => {
      play(all, (command, _before, _steps, after) => {
        const again = lifecycle.decide(after, command);
        if (again.ok) expect(again.value).toEqual([]);
      });
    });
  });

  it('no report is covered by two decisions in effect, and a decision covers what its decider saw', () => {
    holds((all) => {
      play(all, (command, before, _steps, after) => {
        const covered = coverOf(after);
        expect(new Set(covered).size).toBe(covered.length);
        const coveredBefore = coverOf(before);
        const seen = command.background.openReports.map(({ reportId }) => reportId).filter((id) => !coveredBefore.includes(id));
        for (const [id, decision] of Object.entries(after.decisions)) {
          expect(decision.reportIds).toEqual(before.decisions[id]?.reportIds ?? seen);
        }
      });
    });
  });

  it('at most one appeal is open against a decision, only against one in effect, and none after one was decided', () => {
    holds((all) => {
      const { decisions, appeals } = play(all, (_command, _before, _steps, { decisions, appeals }) => {
        for (const [id, { state }] of Object.entries(decisions)) {
          const states = Object.values(appeals).flatMap((one) => (one.decisionId === id ? [one.state] : []));
          const open = states.filter((one) => one === 'open').length;
          const final = states.filter((one) => one === 'decided').length;
          expect(open + final).toBeLessThanOrEqual(1);
          if (open > 0) expect(state).toBe('in_effect');
        }
      });
      for (const one of Object.values(appeals)) {
        const decision = decisions[one.decisionId];
        if (one.state !== 'decided') continue;
        expect(one.decidedBy).not.toBe(decision!.decidedBy);
        expect(one.decidedBy).not.toBe('approvedBy' in decision! ? decision.approvedBy : undefined);
      }
    });
  });

  it('nobody approves their own proposal, and at most one proposal waits', () => {
    holds((all) => {
      play(all, (command, _before, _steps, after) => {
        const waiting = Object.values(after.decisions).filter((one) => one.state === 'proposed' && one.expiresAt > command.at);
        expect(waiting.length).toBeLessThanOrEqual(1);
        expect(pendingProposal(after, command.at)).toEqual(waiting[0]);
        for (const decision of Object.values(after.decisions)) {
          if ('approvedBy' in decision) expect(decision.approvedBy).not.toBe(decision.decidedBy);
        }
      });
    });
  });

  it('a decision goes one way: proposed, in effect or rejected, and then ended for good', () => {
    const next = {
      proposed: ['proposed', 'in_effect', 'rejected'],
      in_effect: ['in_effect', 'reverted', 'overturned'],
      rejected: ['rejected'],
      reverted: ['reverted'],
      overturned: ['overturned'],
    };
    holds((all) => {
      play(all, (_command, before, _steps, after) => {
        for (const [id, { state }] of Object.entries(before.decisions))
          expect(next[state]).toContain(after.decisions[id]!.state);
      });
    });
  });

  it('who puts a case on hold holds it; who decides it takes it from nobody, and its clock runs', () => {
    holds((all) => {
      play(all, (command, before, steps) => {
        if (command.kind !== 'decide' && command.kind !== 'hold') return;
        if (steps.length === 0) return;
        const claim = runningClaim(before, command.at);
        if (command.kind === 'hold' || claim !== null) expect(claim?.by).toBe(command.by.sub);
        expect(before.held).toBeNull();
      });
    });
  });

  it('really gets to the ends of its life: the commands of these tests are not all refused', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(drafts, (all) => {
        const { decisions, appeals } = play(all, (_command, _before, steps) => steps.forEach(({ type }) => reached.add(type)));
        Object.values(decisions).forEach(({ state }) => reached.add(state));
        Object.values(appeals).forEach(({ state }) => reached.add(`appeal ${state}`));
      }),
      { numRuns: 300, seed: 7 },
    );
    const ends = ['in_effect', 'rejected', 'reverted', 'overturned', 'appeal decided', 'appeal refused'];
    expect([...reached]).toEqual(expect.arrayContaining([...ends, 'DecisionApproved', 'CaseResumed', 'DeadlineBreached']));
  });
});
