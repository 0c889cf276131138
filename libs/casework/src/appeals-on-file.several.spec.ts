import { describe, expect, it } from '@jest/globals';
import { isoTime, type JsonObject, type RowKey } from '@ringside/core';
import { appealDecided, appealOpened, caseAdopted, createEvent, type CaseEvent } from '@ringside/events';
import { aReport, play } from '@ringside/testing';
import fc from 'fast-check';

import { appealsOnFile } from './appeals-on-file.js';

const projection = appealsOnFile({ team: 'cheating' });
const common = { caseId: 'case-1', team: 'cheating', game: 'stormfall', subjectId: 'subject-1' };
const origin = (version: number) => ({
  time: isoTime(Date.UTC(2026, 0, 31, 12) + version),
  region: 'eu',
  source: 'cheating-team',
});
const about = (appealId: string) => ({ appealId, decisionId: 'case-1.2' });
const filedAt = (day: number): string => isoTime(Date.UTC(2026, 0, day));

const opened = (caseVersion: number, appealId: string, day: number, team = 'cheating'): CaseEvent =>
  createEvent(appealOpened, {
    ...origin(caseVersion),
    data: { ...common, team, ...about(appealId), caseVersion, by: 'system', filedAt: filedAt(day), statementHeldIn: 'eu' },
  });
const upheld = (caseVersion: number, appealId: string): CaseEvent =>
  createEvent(appealDecided, {
    ...origin(caseVersion),
    data: { ...common, ...about(appealId), caseVersion, by: 'worker-1', outcome: 'upheld' as const, facts: 'Seen.' },
  });

const steps = [opened(3, 'b', 2), opened(4, 'a', 3), upheld(5, 'b'), opened(6, 'c', 1)];

describe('several appeals of one case', () => {
  it('are each on file as they were filed, and in the list of their state by that time', () => {
    const shown = { caseId: 'case-1', decisionId: 'case-1.2', game: 'stormfall', playerId: 'subject-1', statementHeldIn: 'eu' };
    const open = { state: 'open', outcome: null, decidedAt: null };
    const rows = play([projection], steps);
    expect([...rows].filter(([name]) => !name.startsWith('case_appeals/'))).toEqual([
      [`appeal_lists/decided/${filedAt(2)}/b`, { appealId: 'b' }],
      [`appeal_lists/open/${filedAt(1)}/c`, { appealId: 'c' }],
      [`appeal_lists/open/${filedAt(3)}/a`, { appealId: 'a' }],
      ['appeals/a/appeal', { appealId: 'a', ...shown, filedAt: filedAt(3), ...open }],
      [
        'appeals/b/appeal',
        { ...{ appealId: 'b', ...shown, filedAt: filedAt(2), state: 'decided' }, outcome: 'upheld', decidedAt: origin(5).time },
      ],
      ['appeals/c/appeal', { appealId: 'c', ...shown, filedAt: filedAt(1), ...open }],
    ]);
  });

  it('give the same bytes in whichever order their steps come, and however often', () => {
    const bytes = (events: readonly CaseEvent[]): string => JSON.stringify([...play([projection], events)]);
    fc.assert(
      fc.property(fc.shuffledSubarray([...steps, ...steps], { minLength: steps.length * 2 }), (events) => {
        expect(bytes(events)).toBe(bytes(steps));
      }),
    );
  });

  it('are written where something is said of them, and the others are left alone', () => {
    const rows = new Map<string, JsonObject>();
    const nameOf = ({ table, partition, key }: RowKey): string => `${table}/${partition}/${key}`;
    const writes = (event: CaseEvent): readonly string[] =>
      projection.project(event, { get: (row) => rows.get(nameOf(row)) }).map((write) => {
        if (write.kind === 'put') rows.set(nameOf(write), write.value);
        return `${write.kind} ${nameOf(write)}`;
      });
    const ofCase = 'put case_appeals/case-1/appeals';
    const [first, second, answer] = steps as [CaseEvent, CaseEvent, CaseEvent];
    const openRow = `appeal_lists/open/${filedAt(2)}/b`;
    expect(writes(first)).toEqual([ofCase, 'put appeals/b/appeal', `put ${openRow}`]);
    expect(writes(second)).toEqual([ofCase, 'put appeals/a/appeal', `put appeal_lists/open/${filedAt(3)}/a`]);
    expect(writes(first)).toEqual([ofCase]);
    expect(writes(answer)).toEqual([
      ...[ofCase, 'put appeals/b/appeal'],
      ...[`delete ${openRow}`, `put appeal_lists/decided/${filedAt(2)}/b`],
    ]);
  });

  it('are on file once they are opened: an answer that comes first waits in the row of the case', () => {
    expect([...play([projection], [upheld(5, 'b')]).keys()]).toEqual(['case_appeals/case-1/appeals']);
  });
});

describe('the appeals of a team', () => {
  it('are made of its own cases and of what is said of appeals', () => {
    const adopted = createEvent(caseAdopted, {
      ...origin(7),
      data: { ...common, caseVersion: 2 ** 24 + 7, by: 'system', term: 1, basedOn: 6, homeRegion: 'eu' },
    });
    const row = { table: 'case_appeals', partition: 'case-1', key: 'appeals' };
    for (const event of [opened(3, 'b', 2), upheld(5, 'b'), adopted]) expect(projection.entity(event)).toEqual(row);
    for (const event of [opened(3, 'b', 2, 'abuse'), aReport()]) expect(projection.entity(event)).toBeUndefined();
  });
});
