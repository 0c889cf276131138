import { describe, expect, it } from '@jest/globals';
import { isoTime } from '@ringside/core';
import { appealDecided, appealOpened, caseAdopted, createEvent, type CaseEvent } from '@ringside/events';
import { play } from '@ringside/testing';
import fc from 'fast-check';

import { appealsOnFile, type AppealOnFile } from './appeals-on-file.js';
import { versionIn } from './terms.js';

const common = { caseId: 'case-1', team: 'cheating', game: 'stormfall', subjectId: 'subject-1' };
const about = { appealId: 'appeal-1', decisionId: 'case-1.2' };
const origin = (version: number) => ({
  time: isoTime(Date.UTC(2026, 0, 31, 12) + version),
  region: 'eu',
  source: 'cheating-team',
});

const opened = (caseVersion: number): CaseEvent =>
  createEvent(appealOpened, {
    ...origin(caseVersion),
    data: { ...common, ...about, caseVersion, by: 'system', filedAt: isoTime(Date.UTC(2026, 0, 30)), statementHeldIn: 'eu' },
  });
const decided = (caseVersion: number, outcome: 'upheld' | 'overturned'): CaseEvent =>
  createEvent(appealDecided, {
    ...origin(caseVersion),
    data: { ...common, ...about, caseVersion, by: 'worker-1', outcome, facts: 'Seen.' },
  });
const adopted = (term: number, basedOn: number): CaseEvent =>
  createEvent(caseAdopted, {
    ...origin(versionIn(term, basedOn + 1)),
    data: { ...common, caseVersion: versionIn(term, basedOn + 1), by: 'system', term, basedOn, homeRegion: 'eu' },
  });

const rowsOf = (events: readonly CaseEvent[]) => [...play([appealsOnFile({ team: 'cheating' })], events)];
const shown = (events: readonly CaseEvent[]) => {
  const rows = rowsOf(events);
  const appeal = rows.find(([name]) => name === 'appeals/appeal-1/appeal')?.[1] as unknown as AppealOnFile | undefined;
  return {
    state: appeal?.state,
    outcome: appeal?.outcome,
    lists: rows.flatMap(([name]) => name.match(/^appeal_lists\/(\w+)/)?.[1] ?? []),
  };
};

describe('AppealsOnFile', () => {
  it('has an appeal open, then decided, each once', () => {
    expect(shown([opened(3)])).toEqual({ state: 'open', outcome: null, lists: ['open'] });
    const events = [opened(3), decided(4, 'overturned'), opened(3), decided(4, 'overturned')];
    expect(shown(events)).toEqual({ state: 'decided', outcome: 'overturned', lists: ['decided'] });
  });

  it('has an appeal open again whose answer was superseded', () => {
    const events = [opened(3), decided(4, 'overturned'), adopted(1, 3)];
    expect(shown(events)).toEqual({ state: 'open', outcome: null, lists: ['open'] });
    expect(shown([...events, decided(versionIn(1, 5), 'upheld')])).toMatchObject({ outcome: 'upheld', lists: ['decided'] });
  });

  it('has one in no list that a superseded step took up', () => {
    expect(shown([opened(3), adopted(1, 2)])).toEqual({ state: 'superseded', outcome: null, lists: [] });
  });

  it('has the same rows in whichever order the steps come', () => {
    const steps = [opened(3), decided(4, 'overturned'), adopted(1, 3), decided(versionIn(1, 5), 'upheld'), adopted(2, 3)];
    fc.assert(
      fc.property(fc.shuffledSubarray(steps, { minLength: steps.length }), (inAnyOrder) => {
        expect(rowsOf(inAnyOrder)).toEqual(rowsOf(steps));
      }),
    );
  });
});
