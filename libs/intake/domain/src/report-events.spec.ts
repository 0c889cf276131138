import { describe, expect, it } from '@jest/globals';
import { isUuidv7, timeOfUuidv7, uuidv7 } from '@ringside/core';
import { decodeEvent, toRecord } from '@ringside/events';
import { fingerprintOf, reportEvents, type Filing, type ReportForm } from './index.js';

const filedAt = '2026-01-31T12:00:00.000Z';
const filing: Filing = {
  ...{ reportId: uuidv7(Date.parse(filedAt)), filedAt, region: 'eu-west-1', source: 'report-intake' },
  subjectHomeRegion: 'us-east-1',
};
const form: ReportForm = { game: 'arena', reporterId: 'player-1', subjectId: 'player-2', reason: 'aimbot' };

describe('reportEvents', () => {
  it('makes one global event of a form without evidence', () => {
    const events = reportEvents({ ...form, matchId: 'm1', occurredAt: filedAt }, filing);
    expect(events).toMatchObject([
      {
        type: 'ReportFiled',
        id: filing.reportId,
        time: filedAt,
        region: 'eu-west-1',
        zone: 'global',
        data: {
          ...{ ...form, reportId: filing.reportId, matchId: 'm1', occurredAt: filedAt, filedAt, hasEvidence: false },
          subjectHomeRegion: 'us-east-1',
        },
      },
    ]);
  });

  it('keeps what was written and attached out of the global event, and puts it before', () => {
    const evidence = { chat: [{ at: filedAt, playerId: 'player-2', text: 'secret words' }], clientBuild: '1.2' };
    const [kept, filed, ...others] = reportEvents({ ...form, description: 'secret words', evidence }, filing);
    expect(others).toEqual([]);
    expect(kept).toMatchObject({
      type: 'ReportEvidenceFiled',
      zone: 'regional',
      correlationId: filing.reportId,
      data: { reportId: filing.reportId, subjectId: 'player-2', description: 'secret words', ...evidence },
    });
    expect(filed).toMatchObject({ type: 'ReportFiled', data: { hasEvidence: true } });
    expect(JSON.stringify(filed)).not.toContain('secret');
  });

  it.each([{ evidence: {} }, { evidence: { chat: [] } }, { description: '' }, { description: ' ' }])(
    'takes %j for no evidence',
    (empty) => {
      expect(reportEvents({ ...form, ...empty }, filing)).toMatchObject([
        { type: 'ReportFiled', data: { hasEvidence: false } },
      ]);
    },
  );

  it('gives the same events for the same filing, with ids that carry its time', () => {
    const once = reportEvents({ ...form, description: 'x' }, filing);
    expect(reportEvents({ ...form, description: 'x' }, filing)).toEqual(once);
    expect(new Set(once.map(({ id }) => id)).size).toBe(2);
    for (const { id } of once) {
      expect(isUuidv7(id)).toBe(true);
      expect(timeOfUuidv7(id)).toBe(Date.parse(filedAt));
    }
  });

  it('gives events that the contract takes', () => {
    for (const event of reportEvents({ ...form, description: 'x', evidence: { telemetry: { a: [1] } } }, filing)) {
      expect(decodeEvent(toRecord(event).bytes)).toEqual({ ok: true, value: event });
    }
  });
});

describe('fingerprintOf', () => {
  it('is the same whatever the order of the fields', () => {
    expect(fingerprintOf({ a: 1, b: { c: [1, { d: 2, e: 3 }], f: null } })).toBe(
      fingerprintOf({ b: { f: null, c: [1, { e: 3, d: 2 }] }, a: 1 }),
    );
  });

  it.each([[{ a: 1, b: 2 }], [{ a: 2 }], [{ a: '1' }], [{ a: [1] }], [{ a: null }], [{}], [{ A: 1 }]])(
    'differs for %j',
    (other) => {
      expect(fingerprintOf(other)).not.toBe(fingerprintOf({ a: 1 }));
    },
  );

  it('minds the order of a list', () => expect(fingerprintOf([1, 2])).not.toBe(fingerprintOf([2, 1])));
});
