import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeEvent } from './codec.js';

const envelope = {
  id: '019488e2-3f40-7a10-8c55-9b6f1d2e3a41',
  type: 'ReportFiled',
  version: 1,
  source: 'report-intake',
  stream: 'report-r-1',
  sequence: 1,
  time: '2025-01-21T12:00:00.064Z',
  region: 'eu-west-1',
  zone: 'global',
  correlationId: 'c-1',
};
const v1 = {
  reportId: 'r-1',
  game: 'skyfall-arena',
  reporterId: 'p-1',
  reportedId: 'p-2',
  reason: 'aimbot',
  filedAt: 1737460800064,
};
const decode = (data: object) => decodeEvent(Buffer.from(JSON.stringify({ ...envelope, data })));

describe('ReportFiled version 1', () => {
  it('is read as version 2: the subject renamed, its region the one that wrote the event, times as text, no evidence', () => {
    expect(decode({ ...v1, matchId: 'm-1', occurredAt: 1737460512480 })).toEqual({
      ok: true,
      value: {
        ...envelope,
        version: 2,
        data: {
          reportId: 'r-1',
          game: 'skyfall-arena',
          reporterId: 'p-1',
          subjectId: 'p-2',
          subjectHomeRegion: 'eu-west-1',
          reason: 'aimbot',
          matchId: 'm-1',
          occurredAt: '2025-01-21T11:55:12.480Z',
          filedAt: '2025-01-21T12:00:00.064Z',
          hasEvidence: false,
        },
      },
    });
  });

  it('leaves out what was not there', () => {
    const decoded = decode(v1);
    expect(decoded.ok && Object.keys(decoded.value.data)).not.toContain('occurredAt');
    expect(decoded.ok && Object.keys(decoded.value.data)).not.toContain('matchId');
  });

  it('is read whatever its times are, as far as a version 2 can say them', () => {
    const time = fc.oneof(fc.integer(), fc.double(), fc.integer({ min: -10, max: 10 }), fc.maxSafeInteger());
    fc.assert(
      fc.property(time, (filedAt) => {
        const decoded = decode({ ...v1, filedAt });
        const sayable = Number.isInteger(filedAt) && filedAt >= 0 && filedAt <= Date.UTC(9999, 11, 31, 23, 59, 59, 999);
        expect(decoded.ok).toBe(sayable);
        if (decoded.ok) expect(decoded.value.data).toMatchObject({ filedAt: new Date(filedAt).toISOString() });
        else expect(decoded.error).toMatchObject({ code: 'invalid_data', pointers: ['/data/filedAt'] });
      }),
    );
  });

  it('is held to its own schema, not to that of version 2', () => {
    expect(decode({ ...v1, hasEvidence: true })).toMatchObject({ ok: false, error: { code: 'invalid_data' } });
    expect(decode({ ...v1, filedAt: '2025-01-21T12:00:00.064Z' })).toMatchObject({
      ok: false,
      error: { code: 'invalid_data' },
    });
  });
});
