import { describe, expect, it } from '@jest/globals';
import type { RowKey } from '@ringside/core';
import { reasonsOf, type RingsideEvent } from '@ringside/events';
import { aReport, progressed, rerouted, suppressed, weighed } from '@ringside/testing';

import { caseFiles } from './case-files.js';

const captured = new Set<string>(reasonsOf('cheating'));
const projection = caseFiles({
  team: 'cheating',
  captures: (reason) => captured.has(reason),
  weigh: () => ({ severity: 5, decideWithinHours: 72 }),
});
const of = { team: 'cheating', game: 'stormfall', subjectId: 'subject-1' };
const filed = aReport({ matchId: 'match-1' });
const { reportId } = filed.data;

const nameOf = ({ table, partition, key }: RowKey): string => `${table}/${partition}/${key}`;

describe('what CaseFiles fetches before it takes an event', () => {
  // What is fetched in vain costs a read for every event; what is not, a second run of the projection.
  it.each<[string, RingsideEvent]>([
    ['a report', filed],
    ['a report without a match', aReport()],
    ['a report that comes from another team', rerouted(aReport({ reason: 'other' }), 'macro')],
    ['a report that goes to another team', rerouted(filed, 'threat')],
    ['a suppression', suppressed(of, { reportId, because: 'daily_limit', suppressed: true, revision: 1 })],
    ['a weighing of a reporter', weighed(of, { revision: 1, reporter: { reporterId: 'reporter-1', credibility: 50 } })],
    ['a weighing of the subject', weighed(of, { revision: 1, priorStrikes: 1 })],
    ['a step', progressed(of)],
    ['a step about a decision', progressed(of, { decision: { reportIds: [reportId, 'another'] } })],
  ])('for %s is what it asks for of a case that is new', (_, event) => {
    const asked = new Set<string>();
    projection.project(event, { get: (row) => void asked.add(nameOf(row)) });
    const named = [projection.entity(event)!, ...projection.reads!(event)].map(nameOf);
    expect(named.toSorted()).toEqual([...asked].sort());
  });
});
