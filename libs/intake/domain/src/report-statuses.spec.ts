import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@ringside/core';
import { uuidv7 } from '@ringside/core';
import { reportEvents, reportStatuses, reportStatusRow } from './index.js';

const filedAt = '2026-01-31T12:00:00.000Z';
const reportId = uuidv7(Date.parse(filedAt));
const form = { game: 'arena', reporterId: 'player-1', subjectId: 'player-2', reason: 'aimbot', description: 'words' } as const;
const [evidence, filed] = reportEvents(form, { reportId, filedAt, region: 'local', source: 'report-intake' });

describe('ReportStatuses', () => {
  it('shows a report as received, and nothing of whom it is about', () => {
    expect(reportStatuses.project(filed!, { get: () => undefined })).toEqual([
      {
        kind: 'put',
        ...reportStatusRow(reportId),
        value: { reportId, reason: 'aimbot', filedAt, status: 'received', outcome: null },
      },
    ]);
  });

  it('leaves what is there when the report comes twice', () => {
    const closed: JsonObject = { reportId, status: 'closed' };
    expect(reportStatuses.project(filed!, { get: () => closed })).toEqual([]);
  });

  it('passes over what is not a report', () => {
    expect(reportStatuses.entity(evidence!)).toBeUndefined();
    expect(reportStatuses.entity(filed!)).toEqual(reportStatusRow(reportId));
  });
});
