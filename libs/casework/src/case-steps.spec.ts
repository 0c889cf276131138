import { describe, expect, it } from '@jest/globals';
import { caseAdopted, caseNoted, createEvent, type CaseEvent } from '@ringside/events';
import { aReport, play } from '@ringside/testing';

import { caseSteps } from './case-steps.js';
import { versionIn } from './terms.js';

const projection = caseSteps({ team: 'cheating' });
const common = { caseId: 'case-1', game: 'stormfall', subjectId: 'subject-1' };
const origin = { time: '2026-01-31T12:00:00.000Z', region: 'eu', source: 'cheating-team' };

const noted = (caseVersion: number, team = 'cheating'): CaseEvent =>
  createEvent(caseNoted, { ...origin, data: { ...common, team, caseVersion, by: 'ada', text: 'Seen.' } });
const adopted = createEvent(caseAdopted, {
  ...{ ...origin, causationId: 'command-1' },
  data: { ...common, team: 'cheating', caseVersion: versionIn(2, 5), by: 'system', term: 2, basedOn: 4, homeRegion: 'eu' },
});

describe('CaseSteps', () => {
  it('has each step of the team as it was, by its time', () => {
    const note = noted(1);
    expect([...play([projection], [note, adopted, noted(1, 'abuse'), aReport()])].sort()).toEqual(
      [
        [
          `case_steps/case-1/${note.time}/${note.id}`,
          { at: note.time, eventId: note.id, type: 'CaseNoted', data: note.data },
        ] as const,
        [
          `case_steps/case-1/${adopted.time}/${adopted.id}`,
          { ...{ at: adopted.time, eventId: adopted.id, type: 'CaseAdopted' }, data: adopted.data, causationId: 'command-1' },
        ] as const,
      ].sort(),
    );
  });

  it('takes the steps of a case one behind the other, and those of a new term behind the one that it goes on from', () => {
    expect([noted(1), noted(7), adopted].map((event) => [projection.sequence!(event), projection.follows!(event)])).toEqual([
      [1, 0],
      [7, 6],
      [versionIn(2, 5), 4],
    ]);
  });
});
