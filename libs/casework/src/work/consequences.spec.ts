import { describe, expect, it } from '@jest/globals';
import { deriveUuidv7, uuidv7 } from '@ringside/core';
import { caseEventDefinitions, createEvent, toRecord, type CaseEvent, type RingsideEvent } from '@ringside/events';

import type { CaseCommand } from './case-command.js';
import { stepOf, type CaseStep } from './case-step.js';
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
  stepsOf,
  suspension,
  uphold,
} from './lifecycle.fixture.js';

/** The step as it is stored: in an event with its version. */
function eventOf(step: CaseStep, caseVersion: number): CaseEvent {
  const definition = caseEventDefinitions.find(({ type }) => type === step.type)!;
  const common = { caseId: 'case', team: 'cheating', game: 'stormfall', subjectId: 'player', caseVersion, by: step.by };
  const origin = { region: 'eu-west-1', source: 'cheating-team', correlationId: 'request-1' };
  const id = deriveUuidv7(uuidv7At(step.at), `${caseVersion}`);
  return createEvent(definition as never, {
    ...origin,
    id,
    time: step.at,
    data: { ...common, ...step.data } as never,
  }) as CaseEvent;
}

const uuidv7At = (time: string) => uuidv7(Date.parse(time)).slice(0, 18) + '-8000-000000000000';
const consequences = consequencesOf(policy);

/** What the last of the steps of some commands is followed by. */
function followingTheLast(...commands: readonly CaseCommand[]): readonly RingsideEvent[] {
  const steps = stepsOf(...commands);
  return consequences(steps.reduce(lifecycle.evolve, lifecycle.initialState), eventOf(steps.at(-1)!, steps.length));
}

const claim = by('ada', 0, { kind: 'claim' });
const suspend = by('ada', 1, uphold(suspension));
const propose = by('ada', 1, uphold(permanentBan));
const revert = by('lea', 5, { kind: 'revert', decisionId: 'case.2', reason: 'The wrong player.' });
const open = by('system', 5, appeal('a1', 'case.2', 5));
const answer = (outcome: 'upheld' | 'overturned') => by('ben', 9, { kind: 'decide_appeal', appealId: 'a1', outcome, facts });

describe('what a step is followed by', () => {
  it('is how the case stands', () => {
    const [progressed, ...more] = followingTheLast(claim);
    expect(more).toEqual([]);
    expect(progressed).toMatchObject({
      type: 'CaseProgressed',
      region: 'eu-west-1',
      correlationId: 'request-1',
      data: {
        caseId: 'case',
        homeRegion: 'eu-west-1',
        caseVersion: 1,
        claim: { by: 'ada', until: at(30) },
        acknowledgedAt: at(0),
        heldSince: null,
        pausedMs: 0,
        escalated: false,
      },
    });
    expect(progressed!.data).not.toHaveProperty('decision');
  });

  it('is the same when it is published again, ids included', () => {
    const steps = stepsOf(claim, by('ada', 1, uphold({ kind: 'warn' }, suspension)));
    const work = steps.reduce(lifecycle.evolve, lifecycle.initialState);
    const event = eventOf(steps.at(-1)!, 2);
    const first = consequences(work, event);
    expect(consequences(work, event)).toEqual(first);
    expect(new Set([event.id, ...first.map(({ id }) => id)]).size).toBe(4);
    expect(first.map(({ causationId }) => causationId)).toEqual(first.map(() => event.id));
  });

  it('keeps the contract, all of it', () => {
    const histories = [
      [claim, suspend, revert],
      [claim, propose, by('ann', 2, { kind: 'approve', decisionId: 'case.2' })],
    ];
    for (const commands of [...histories, [claim, suspend, open, answer('overturned')]]) {
      for (const [index] of commands.entries()) {
        for (const event of followingTheLast(...commands.slice(0, index + 1))) expect(() => toRecord(event)).not.toThrow();
      }
    }
  });

  it('is what the player may not do, once the decision takes effect', () => {
    const [progressed, imposed] = followingTheLast(claim, suspend);
    expect(progressed!.data).toMatchObject({
      decision: { decisionId: 'case.2', state: 'in_effect', sanctioned: true, reportIds: ['r1', 'r2'], appeal: 'none' },
    });
    expect(imposed).toMatchObject({
      type: 'SanctionImposed',
      data: {
        ...{
          sanctionId: 'case.2.1',
          playerId: 'player',
          game: 'stormfall',
          team: 'cheating',
          caseId: 'case',
          decisionId: 'case.2',
        },
        ...{
          kind: 'suspend',
          clause: 'fair-play/2.1',
          from: at(1),
          until: at(1 + 72 * 60),
          strikeUntil: at(1 + 365 * 24 * 60),
        },
      },
    });
  });

  it('is no sanction while a proposal waits; it begins with the approval', () => {
    expect(followingTheLast(claim, propose).map(({ type }) => type)).toEqual(['CaseProgressed']);
    const [progressed, imposed] = followingTheLast(claim, propose, by('ann', 9, { kind: 'approve', decisionId: 'case.2' }));
    expect(progressed!.data).toMatchObject({ decision: { state: 'in_effect', reportIds: ['r1', 'r2'] } });
    expect(imposed).toMatchObject({ type: 'SanctionImposed', data: { kind: 'ban', from: at(9), until: null } });
  });

  it.each([
    ['reverted', [claim, suspend, revert]],
    ['overturned', [claim, suspend, open, answer('overturned')]],
  ] as const)('takes back what was imposed when the decision is %s', (because, commands) => {
    const [progressed, reversed, ...more] = followingTheLast(...commands);
    expect(progressed!.data).toMatchObject({ decision: { state: because, reportIds: ['r1', 'r2'] } });
    expect(reversed).toMatchObject({ type: 'SanctionReversed', data: { sanctionId: 'case.2.1', because } });
    expect(more).toEqual([]);
  });

  it('leaves the sanction as it is when an appeal is opened or turned down', () => {
    const [opened, ...nothing] = followingTheLast(claim, suspend, open);
    expect(opened!.data).toMatchObject({ decision: { state: 'in_effect', appeal: 'open', reportIds: [] } });
    const [upheld, ...nothingElse] = followingTheLast(claim, suspend, open, answer('upheld'));
    expect(upheld!.data).toMatchObject({ decision: { state: 'in_effect', appeal: 'decided', reportIds: [] } });
    expect([...nothing, ...nothingElse]).toEqual([]);
  });

  it('says nothing of a decision that an appeal did not find', () => {
    const [progressed, ...more] = followingTheLast(claim, by('system', 5, appeal('a1', 'case.7', 5)));
    expect(progressed!.data).not.toHaveProperty('decision');
    expect(more).toEqual([]);
  });

  describe('of more reports than an event may name', () => {
    const openReports = Array.from({ length: 2100 }, (_, index) => report(`r${index}`));
    const many = by('ada', 1, uphold(suspension), { background: background({ openReports }) });
    const reportIdsOf = (event: RingsideEvent) => (event.type === 'CaseProgressed' ? event.data.decision!.reportIds : []);

    it('names those of each step with the step, and imposes once', () => {
      const steps = stepsOf(claim, many);
      let work = lifecycle.initialState;
      const published = steps.flatMap((step, index) => {
        work = lifecycle.evolve(work, step);
        return index === 0 ? [] : consequences(work, eventOf(step, index + 1));
      });
      expect(published.map(({ type }) => type)).toEqual([
        'CaseProgressed',
        'SanctionImposed',
        'CaseProgressed',
        'CaseProgressed',
      ]);
      expect(published.flatMap(reportIdsOf)).toEqual(openReports.map(({ reportId }) => reportId));
    });

    it('names all of them when the decision ends, in several events of one version', () => {
      const events = followingTheLast(claim, many, revert).filter(({ type }) => type === 'CaseProgressed');
      expect(events.map((event) => reportIdsOf(event).length)).toEqual([1000, 1000, 100]);
      expect(events.flatMap(reportIdsOf)).toEqual(openReports.map(({ reportId }) => reportId));
      expect(new Set(events.map(({ sequence }) => sequence)).size).toBe(1);
      expect(new Set(events.map(({ id }) => id)).size).toBe(3);
      for (const event of events) expect(() => toRecord(event)).not.toThrow();
    });
  });
});

describe('a step', () => {
  it('is what its event says', () => {
    for (const [index, step] of stepsOf(claim, suspend, open, answer('upheld')).entries()) {
      const { type, at: when, by: who } = stepOf(eventOf(step, index + 1));
      expect({ type, at: when, by: who }).toEqual({ type: step.type, at: step.at, by: step.by });
      expect(stepOf(eventOf(step, index + 1)).data).toMatchObject(step.data);
    }
  });
});
