import { describe, expect, it } from '@jest/globals';
import type { SanctionOrder } from '@ringside/casework';
import { casePeople, caseTimes, earlierStep as step, given, type CasePerson } from '@ringside/testing';

import { cheatingCase, cheatingVerdicts, type AssembleEvidence, type CheatingStep } from './cheating-case.js';
import { background, command, evidence, onFile, states } from './cheating-case.fixture.js';
import { cheatingPolicy } from './cheating-policy.js';

const { ann, pat, reader } = casePeople;
const { earlier, now } = caseTimes;

const assemble = (changes: Partial<AssembleEvidence> = {}) =>
  command({ kind: 'assemble_evidence', ...evidence, onFile, ...changes } as const);
const uphold = (sanctions: readonly SanctionOrder[], given = {}) =>
  command({ kind: 'decide', verdict: 'uphold', clause: 'fair-play/2.1', facts: 'Seen in the replay.', sanctions }, ann, given);

describe('evidence', () => {
  it('is put together by whoever works on the case', () => {
    const { events } = given(cheatingCase, states['mine']).when(assemble());
    expect(events).toEqual([{ type: 'EvidenceAssembled', at: now, by: 'ann', data: evidence }]);
  });

  it('is the same in whichever order it is listed, and once where it is listed twice', () => {
    const second = { reportId: 'r2', heldIn: 'eu' };
    const replays = [second, ...evidence.replays];
    const listed = assemble({ reportIds: ['r2', 'r1'], replays });
    const again = assemble({ reportIds: ['r1', 'r2', 'r1'], replays: [...replays.toReversed(), second] });
    const { after } = given(cheatingCase, states['mine']).when(listed);
    expect(cheatingCase.decide(after, again)).toEqual({ ok: true, value: [] });
    expect(after.evidence).toMatchObject({ reportIds: ['r1', 'r2'], replays: replays.toReversed() });
  });

  it('is replaced by what is assembled later', () => {
    const { after } = given(cheatingCase, states['assembled']).when(assemble({ telemetry: [] }));
    expect(after.evidence).toEqual({ ...evidence, telemetry: [] });
  });

  it.each<[string, Partial<AssembleEvidence>, string]>([
    ['no report', { reportIds: [] }, '/reportIds'],
    ['a report that is not open', { reportIds: ['r1', 'r9'] }, '/reportIds/1'],
    ['telemetry of a report that it does not name', { reportIds: ['r2'], replays: [] }, '/telemetry/0/reportId'],
    ['a replay of a report that it does not name', { reportIds: ['r2'], telemetry: [] }, '/replays/0/reportId'],
    ['a replay that this region does not have', { onFile: { region: 'eu', replaysOf: ['r2'] } }, '/replays/0/reportId'],
    ['a window without length', { telemetry: [{ ...evidence.telemetry[0]!, to: earlier }] }, '/telemetry/0/to'],
  ])('is refused with %s', (_, changes, pointer) => {
    expect(given(cheatingCase, states['mine']).when(assemble(changes)).refusal).toMatchObject({ code: 'invalid', pointer });
  });

  it('is about reports that are open, whatever the views still show', () => {
    const { events } = given(cheatingCase, states['mine']).when(uphold([{ kind: 'warn' }]));
    const { refusal } = given(cheatingCase, [...states['mine']!, ...events]).when(assemble());
    expect(refusal).toMatchObject({ code: 'invalid', pointer: '/reportIds/0' });
  });

  it.each([pat, reader])('is not for $sub', (by) => {
    const { refusal } = given(cheatingCase, states['mine']).when(
      command({ kind: 'assemble_evidence', ...evidence, onFile }, by),
    );
    expect(refusal.code).toBe('forbidden');
  });
});

describe('a verdict', () => {
  it('of cheating may rest on evidence, and need not', () => {
    for (const state of ['mine', 'reclaimed', 'assembled']) {
      const { events } = given(cheatingCase, states[state]).when(uphold([{ kind: 'suspend', durationHours: 720 }]));
      expect(events).toMatchObject([
        { type: 'DecisionMade', data: { decision: { reportIds: ['r1', 'r2'], clause: 'fair-play/2.1' } } },
      ]);
    }
  });

  it('says which evidence it rests on, of the reports that it covers, whatever is assembled later', () => {
    const suspend = uphold([{ kind: 'suspend', durationHours: 720 }]);
    const { after } = given(cheatingCase, states['assembled']).when(suspend);
    expect(after.decisions['c1.3']).toMatchObject({ restsOn: 'We examined 1 window of telemetry and 1 replay.' });
    const later = cheatingCase.evolve(after, step('EvidenceAssembled', { ...evidence, telemetry: [] }));
    expect(later.decisions).toEqual(after.decisions);
    const [window] = evidence.telemetry;
    const ofAnother = { reportIds: ['r0'], telemetry: [{ ...window!, reportId: 'r0' }], replays: [] };
    for (const history of [[], [step('EvidenceAssembled', ofAnother)]]) {
      const [decision] = Object.values(given(cheatingCase, history).when(suspend).after.decisions);
      expect(decision).toMatchObject({ state: 'in_effect' });
      expect(decision).not.toHaveProperty('restsOn');
    }
  });

  it('has a word of this team', () => {
    expect(cheatingVerdicts).toEqual({ uphold: 'confirmed', dismiss: 'unfounded', inconclusive: 'inconclusive' });
  });
});

describe('the sanction ladder', () => {
  const reportsFor = (reason: string) => background.openReports.map((report) => ({ ...report, reason }));

  it.each<[string, number, SanctionOrder]>([
    ['account_sharing', 0, { kind: 'warn' }],
    ['macro', 0, { kind: 'suspend', durationHours: 24 }],
    ['macro', 1, { kind: 'suspend', durationHours: 168 }],
    ['not_known_yet', 2, { kind: 'suspend', durationHours: 720 }],
    ['aimbot', 0, { kind: 'suspend', durationHours: 720 }],
    ['aimbot', 1, { kind: 'ban', durationHours: 4_380 }],
    ['wallhack', 2, { kind: 'ban' }],
    ['wallhack', 40, { kind: 'ban' }],
  ])('suggests for %s after %i strikes: %j', (reason, priorStrikes, suggested) => {
    expect(cheatingPolicy.suggestedSanctions({ openReports: reportsFor(reason), priorStrikes })).toEqual([suggested]);
  });

  it('goes by the gravest of several reasons', () => {
    const openReports = [...reportsFor('account_sharing'), ...reportsFor('speedhack')];
    expect(cheatingPolicy.suggestedSanctions({ openReports, priorStrikes: 0 })).toEqual([
      { kind: 'suspend', durationHours: 720 },
    ]);
  });

  it.each<SanctionOrder>([{ kind: 'warn' }, { kind: 'suspend', durationHours: 87_600 }, { kind: 'mute', durationHours: 1 }])(
    'suggests, and forbids nothing: %j',
    (sanction) => {
      const openReports = reportsFor('account_sharing');
      const { events } = given(cheatingCase, states['mine']).when(uphold([sanction], { openReports }));
      expect(events).toMatchObject([{ type: 'DecisionMade' }]);
    },
  );
});

describe('a permanent ban', () => {
  const proposed = (): readonly CheatingStep[] => [
    ...states['assembled']!,
    ...given(cheatingCase, states['assembled']).when(uphold([{ kind: 'ban' }])).events,
  ];
  const approve = (by: CasePerson) => command({ kind: 'approve', decisionId: 'c1.3' }, by);

  it('is proposed, and has effect once another approver agrees', () => {
    expect(proposed().at(-1)).toMatchObject({ type: 'DecisionProposed', data: { expiresAt: '2026-02-03T12:10:00.000Z' } });
    expect(given(cheatingCase, proposed()).when(approve(pat)).events).toMatchObject([{ type: 'DecisionApproved', by: 'pat' }]);
  });

  it('is not approved by whoever proposed it, whatever their roles', () => {
    const { refusal } = given(cheatingCase, proposed()).when(
      approve({ sub: 'ann', roles: ['case_worker', 'approver', 'lead'] }),
    );
    expect(refusal.code).toBe('forbidden');
  });

  it('comes to nothing where nobody answers in time, and is not approved after that', () => {
    const late = { at: '2026-02-03T12:10:00.000Z' };
    const tick = { ...command({ kind: 'tick', deadlines: [] }, { sub: 'system', roles: [] }), ...late };
    expect(given(cheatingCase, proposed()).when(tick).events).toMatchObject([
      { type: 'DecisionRejected', data: { decisionId: 'c1.3', because: 'expired' } },
    ]);
    expect(given(cheatingCase, proposed()).when({ ...approve(pat), ...late }).refusal.code).toBe('wrong_state');
  });

  it('is the only sanction that waits: a long ban does not', () => {
    const { events } = given(cheatingCase, states['assembled']).when(uphold([{ kind: 'ban', durationHours: 4_380 }]));
    expect(events).toMatchObject([{ type: 'DecisionMade' }]);
  });
});

it('counts every step of the stream, its own as well', () => {
  for (const history of Object.values(states)) expect(given(cheatingCase, history).state.version).toBe(history.length);
  expect(given(cheatingCase, [step('CaseNoted', { text: 'x' })]).state.version).toBe(1);
});
