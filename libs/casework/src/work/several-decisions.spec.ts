import { describe, expect, it } from '@jest/globals';
import { createEvent, decisionMade, sanctionHoursMax, appealOpened, decisionReverted } from '@ringside/events';
import { given } from '@ringside/testing';

import type { SanctionOrder } from './case-command.js';
import type { CaseStep } from './case-step.js';
import { consequencesOf } from './consequences.js';
import {
  appeal,
  at,
  background,
  by,
  facts,
  lifecycle,
  permanentBan,
  policy,
  report,
  suspension,
  uphold,
} from './lifecycle.fixture.js';

/** A case on which two decisions are in effect, `case.1` about r1 and `case.2` about r2, and a third one is proposed. */
const on = (...ids: string[]) => ({ background: background({ openReports: ids.map((id) => report(id)) }) });
function after(...commands: Parameters<typeof lifecycle.decide>[1][]): readonly CaseStep[] {
  let work = lifecycle.initialState;
  return commands.flatMap((command) => {
    const result = lifecycle.decide(work, command);
    if (!result.ok) throw new Error(result.error.detail);
    work = result.value.reduce(lifecycle.evolve, work);
    return result.value;
  });
}
const two = after(by('ada', 0, uphold(suspension), on('r1')), by('ada', 1, uphold({ kind: 'warn' }), on('r2')));
const open = (appealId: string, decisionId: string) => by('system', 10, appeal(appealId, decisionId, 9));
const appealed = [...two, ...given(lifecycle, two).when(open('a1', 'case.1')).events];
const answer = (appealId: string, outcome: 'upheld' | 'overturned', person: 'ben' | 'lea' = 'ben') =>
  by(person, 20, { kind: 'decide_appeal', appealId, outcome, facts });
const answered = [...appealed, ...given(lifecycle, appealed).when(answer('a1', 'upheld')).events];

describe('of several decisions', () => {
  it('each can be appealed against, whatever became of appeals against the others', () => {
    for (const history of [appealed, answered])
      expect(given(lifecycle, history).when(open('a2', 'case.2')).events).toMatchObject([{ type: 'AppealOpened' }]);
    expect(given(lifecycle, appealed).when(open('a2', 'case.1')).events).toMatchObject([{ data: { because: 'already_open' } }]);
    expect(given(lifecycle, answered).when(open('a2', 'case.1')).events).toMatchObject([
      { data: { because: 'already_decided' } },
    ]);
  });

  it('each can be appealed against again where an appeal was refused', () => {
    const late = { ...open('a1', 'case.1'), filedAt: '2027-01-01T00:00:00.000Z' };
    const refused = [...two, ...given(lifecycle, two).when(late).events];
    expect(refused.at(-1)).toMatchObject({ type: 'AppealRefused', data: { because: 'too_late' } });
    expect(given(lifecycle, refused).when(open('a2', 'case.1')).events).toMatchObject([{ type: 'AppealOpened' }]);
  });

  it('one can be taken back while an appeal against another one is open, or was decided', () => {
    const revert = (decisionId: string) => by('lea', 15, { kind: 'revert', decisionId, reason: 'The wrong player.' });
    expect(given(lifecycle, appealed).when(revert('case.2')).events).toMatchObject([{ type: 'DecisionReverted' }]);
    expect(given(lifecycle, answered).when(revert('case.1')).events).toMatchObject([{ type: 'DecisionReverted' }]);
    expect(given(lifecycle, appealed).when(revert('case.1')).refusal.detail).toMatch(
      /^Appeal a1 against this decision is open\./,
    );
  });

  it('an appeal says of its own decision alone that it is open', () => {
    const state = appealed.reduce(lifecycle.evolve, lifecycle.initialState);
    const common = { caseId: 'case', team: 'cheating', game: 'stormfall', subjectId: 'player', by: 'lea' };
    const origin = { time: at(30), region: 'eu', source: 'cheating-team' };
    const consequences = (event: Parameters<ReturnType<typeof consequencesOf>>[1]) => consequencesOf(policy)(state, event)[0];
    const data = { ...common, caseVersion: 4, decisionId: 'case.2', reason: 'Wrong.' };
    expect(consequences(createEvent(decisionReverted, { ...origin, data }))).toMatchObject({
      data: { decision: { decisionId: 'case.2', appeal: 'none' } },
    });
    const again = { ...common, caseVersion: 4, appealId: 'a1', decisionId: 'case.1', filedAt: at(9), statementHeldIn: 'eu' };
    expect(consequences(createEvent(appealOpened, { ...origin, data: again }))).toMatchObject({
      data: { decision: { decisionId: 'case.1', appeal: 'open', reportIds: [], sanctioned: true } },
    });
  });

  it('what follows keeps the trace of the request, where it had one', () => {
    const { decisions } = given(lifecycle, two).state;
    const { decidedBy: _by, decidedAt: _at, state: _state, ...rest } = decisions['case.1']!;
    const {
      effectiveAt: _from,
      approvedBy: _approved,
      ...decision
    } = rest as typeof rest & { effectiveAt: string; approvedBy: null };
    const data = {
      caseId: 'case',
      team: 'cheating',
      game: 'stormfall',
      subjectId: 'player',
      by: 'ada',
      caseVersion: 1,
      decision,
    };
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const origin = { time: at(0), region: 'eu', source: 'cheating-team' };
    const following = (given: object) =>
      consequencesOf(policy)(two.slice(0, 1).reduce(lifecycle.evolve, lifecycle.initialState), {
        ...createEvent(decisionMade, { ...origin, data: data as never }),
        ...given,
      });
    expect(following({ traceparent }).map((event) => event.traceparent)).toEqual([traceparent, traceparent]);
    for (const event of following({})) expect(event).not.toHaveProperty('traceparent');
    const ids = [following({}), following({})].map((events) => events.map(({ type }) => type));
    expect(ids).toEqual([
      ['CaseProgressed', 'SanctionImposed'],
      ['CaseProgressed', 'SanctionImposed'],
    ]);
  });
});

describe('a decision that does not wait for approval', () => {
  const proposed = after(by('ada', 0, uphold(permanentBan)));
  const approved = [
    ...proposed,
    ...given(lifecycle, proposed).when(by('ann', 5, { kind: 'approve', decisionId: 'case.1' })).events,
  ];
  const rejected = [
    ...proposed,
    ...given(lifecycle, proposed).when(by('ann', 5, { kind: 'reject', decisionId: 'case.1', reason: 'Too thin.' })).events,
  ];
  const reverted = [
    ...approved,
    ...given(lifecycle, approved).when(by('lea', 9, { kind: 'revert', decisionId: 'case.1', reason: 'Wrong.' })).events,
  ];
  const lost = [...approved, ...given(lifecycle, approved).when(open('a1', 'case.1')).events];
  const overturned = [...lost, ...given(lifecycle, lost).when(answer('a1', 'overturned')).events];

  it.each([
    ['in effect', approved],
    ['rejected', rejected],
    ['reverted', reverted],
    ['overturned', overturned],
  ] as const)('is said to be %s', (inWords, history) => {
    for (const kind of ['approve', 'reject'] as const) {
      const command = by('lea', 30, { kind, decisionId: 'case.1', reason: 'Because.' });
      expect(given(lifecycle, history).when(command).refusal).toEqual({
        ...{ code: 'wrong_state', detail: `Decision case.1 is ${inWords}: it waits for no approval.` },
      });
    }
    if (inWords === 'in effect') return;
    const revert = by('lea', 30, { kind: 'revert', decisionId: 'case.1', reason: 'Because.' });
    expect(given(lifecycle, history).when(revert).refusal).toEqual({
      ...{ code: 'wrong_state', detail: `Decision case.1 is ${inWords}: there is nothing to take back.` },
    });
  });

  it('keeps nobody from deciding anew, though it was proposed once and the time for that runs on', () => {
    for (const history of [approved, rejected]) {
      const { events } = given(lifecycle, history).when(by('ben', 10, uphold(suspension), on('r7')));
      expect(events).toMatchObject([{ type: 'DecisionMade', data: { decision: { reportIds: ['r7'] } } }]);
    }
  });

  it('is not said to have run out when its time as a proposal would have', () => {
    const tick = by('system', 72 * 60 + 1, { kind: 'tick', deadlines: [] });
    expect(given(lifecycle, approved).when(tick).events).toEqual([]);
    expect(given(lifecycle, proposed).when(tick).events).toMatchObject([
      { type: 'DecisionRejected', data: { because: 'expired', reason: 'Nobody answered within 72 hours.' } },
    ]);
  });

  it('is looked at again by somebody who had no part in it, also once it was taken back', () => {
    const gone = [
      ...lost,
      { type: 'DecisionReverted', at: at(12), by: 'lea', data: { decisionId: 'case.1', reason: 'x' } },
    ] as const;
    expect(given(lifecycle, gone as readonly CaseStep[]).when(answer('a1', 'upheld')).events).toHaveLength(1);
  });
});

describe('sanctions that are ordered', () => {
  const faultsOf = (...sanctions: SanctionOrder[]) => {
    const result = lifecycle.decide(lifecycle.initialState, by('ada', 0, uphold(...sanctions)));
    if (result.ok) return [];
    const { pointer, detail, faults = [{ pointer, detail }] } = result.error;
    return faults.map((fault) => `${fault.pointer} ${fault.detail}`);
  };

  it.each<[SanctionOrder]>([
    [{ kind: 'suspend', durationHours: 1 }],
    [{ kind: 'suspend', durationHours: sanctionHoursMax }],
    [{ kind: 'ban', durationHours: sanctionHoursMax }],
    [{ kind: 'ban' }],
    [{ kind: 'warn' }],
  ])('may be %j', (sanction) => {
    expect(faultsOf(sanction)).toEqual([]);
  });

  it.each<[SanctionOrder, string]>([
    [{ kind: 'suspend' }, 'durationHours Say for how many hours to suspend.'],
    [{ kind: 'warn', durationHours: 1 }, 'durationHours Leave the duration out: warn has none.'],
    [
      { kind: 'ban', durationHours: 0 },
      `durationHours The duration must be a whole number of hours from 1 to ${sanctionHoursMax}.`,
    ],
    [
      { kind: 'ban', durationHours: 1.5 },
      `durationHours The duration must be a whole number of hours from 1 to ${sanctionHoursMax}.`,
    ],
    [
      { kind: 'suspend', durationHours: sanctionHoursMax + 1 },
      `durationHours The duration must be a whole number of hours from 1 to ${sanctionHoursMax}.`,
    ],
    [{ kind: 'mute', durationHours: 1 }, 'kind The cheating team does not impose mute. Choose among warn, suspend, ban.'],
  ])('may not be %j', (sanction, fault) => {
    expect(faultsOf(sanction)).toEqual([`/sanctions/0/${fault}`]);
  });

  it('are one of each kind', () => {
    expect(faultsOf({ kind: 'warn' }, { kind: 'warn' })).toEqual(['/sanctions/1/kind Impose warn once.']);
    expect(faultsOf(suspension, { kind: 'warn' }, { kind: 'suspend', durationHours: 9 })).toEqual([
      '/sanctions/2/kind Impose suspend once, with the longer duration.',
    ]);
  });
});
