import { expect, it } from '@jest/globals';
import { attachmentRow, caseIdOf, type Outcome } from '@ringside/casework';
import { isoTime, type JsonObject } from '@ringside/core';
import type { ReporterStandingChanged } from '@ringside/events';
import { progressed } from '@ringside/testing';
import type { Row } from '@ringside/view-store';

import { rules } from '../casework/working-team.fixture.js';
import type { ViewReader } from '../subscriber.js';
import { judgeReporters } from './judge-reporters.js';

const subject = { team: rules.team, game: 'stormfall', subjectId: 'raided' };
const caseId = caseIdOf(subject.team, subject.game, subject.subjectId);

/** Views in which each of some reporters has many founded reports; they count how often one has to wait for them. */
function viewsOf(reporterIds: readonly string[]) {
  const asked = { rounds: 0, underWay: 0, atOnceMax: 0 };
  const reporterOf = new Map(reporterIds.map((id) => [attachmentRow(caseId, `of-${id}`).key, id]));
  const outcomes = Array.from({ length: 20 }, (_, i): Row => {
    const outcome: Outcome = { reportId: `earlier-${i}`, reason: 'aimbot', founded: true, filedAt: isoTime(i) };
    return { key: `${i}`, value: outcome as unknown as JsonObject } as Row;
  });
  const answered = async <T>(answer: T): Promise<T> => {
    if (asked.underWay++ === 0) asked.rounds++;
    asked.atOnceMax = Math.max(asked.atOnceMax, asked.underWay);
    await new Promise(setImmediate);
    asked.underWay--;
    return answer;
  };
  const getMany: ViewReader['getMany'] = (rows) =>
    answered(
      rows.map(({ key }) => {
        const reporterId = reporterOf.get(key);
        return reporterId === undefined ? undefined : ({ key, value: { reporterId } } as unknown as Row);
      }),
    );
  const views: ViewReader = { getMany, get: async (row) => (await getMany([row]))[0]?.value, page: () => answered(outcomes) };
  return { asked, views };
}

it('reads the records of many reporters together, but not all at once, and judges each by theirs', async () => {
  const reporterIds = Array.from({ length: 200 }, (_, i) => `r${String(i).padStart(3, '0')}`);
  const { asked, views } = viewsOf(reporterIds);
  const event = progressed(subject, { decision: { reportIds: reporterIds.map((id) => `of-${id}`) } });
  const events = await judgeReporters(rules).react(event, { views, region: 'local', source: 'working-team' });
  expect(events.map(({ data }) => (data as ReporterStandingChanged['data']).reporterId)).toEqual(reporterIds);
  expect(events[0]!.data).toMatchObject({ standing: 'good', credibility: { aimbot: expect.any(Number) } });
  expect(asked.rounds).toBeLessThanOrEqual(11);
  expect(asked.atOnceMax).toBeLessThanOrEqual(21);
});
