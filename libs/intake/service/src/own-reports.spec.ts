import { describe, expect, it } from '@jest/globals';
import { isoTime, uuidv7 } from '@ringside/core';
import { decodeEvent, reportReasons, toRecord, type RingsideEvent } from '@ringside/events';
import { reportEvents, type ReportForm } from '@ringside/intake-domain';

import { ownReports } from './own-reports.js';

const form: ReportForm = { game: 'arena', reporterId: 'player-1', subjectId: 'Spieler „2“', reason: 'aimbot' };

function filed(more: Partial<ReportForm> = {}): RingsideEvent {
  const [reportId, filedAt] = [uuidv7(), isoTime(Date.now())];
  const filing = { reportId, filedAt, region: 'eu', source: 'report-intake', subjectHomeRegion: 'us' };
  return reportEvents({ ...form, ...more }, filing).at(-1)!;
}

describe('own reports', () => {
  it('gives what decoding gives, for every kind of report', () => {
    const own = ownReports();
    const time = '2026-01-31T12:00:00.000Z';
    const forms = [
      ...reportReasons.map(({ reason }) => ({ reason, description: 'Through the wall.' })),
      { matchId: 'match-7', occurredAt: time },
      { evidence: { chat: [{ at: time, playerId: 'player-2', text: 'too easy' }], clientBuild: '1.4.2' } },
    ];
    for (const more of forms) {
      const event = filed(more);
      const record = toRecord(event);
      own.add(record, event);
      // The bytes that the log hands out are not the ones that it was given.
      const stored = { id: record.id, bytes: Uint8Array.from(record.bytes) };
      expect({ ok: true, value: own.take(stored) }).toStrictEqual(decodeEvent(stored.bytes));
    }
  });

  it('does not know other bytes under the id of an own report', () => {
    const own = ownReports();
    const event = filed();
    const record = toRecord(event);
    own.add(record, event);
    const other = Buffer.from(record.bytes);
    other[other.length - 3]! ^= 1;
    expect(own.take({ id: record.id, bytes: other })).toBeUndefined();
    expect(own.take({ id: record.id, bytes: record.bytes.subarray(1) })).toBeUndefined();
    expect(own.take(record)).toBe(event);
  });

  it('gives an event once, and knows none that it was not given', () => {
    const own = ownReports();
    const event = filed();
    const record = toRecord(event);
    expect(own.take(record)).toBeUndefined();
    own.add(record, event);
    expect(own.take(record)).toBe(event);
    expect(own.take(record)).toBeUndefined();
  });

  it('forgets the oldest where nobody takes them', () => {
    const own = ownReports();
    const event = filed();
    const bytes = Buffer.alloc(1024 * 1024);
    for (let i = 0; i < 12; i++) own.add({ id: `id-${i}`, bytes }, event);
    const known = Array.from({ length: 12 }, (_, i) => own.take({ id: `id-${i}`, bytes }) !== undefined);
    expect(known).toEqual([false, false, false, false, true, true, true, true, true, true, true, true]);
  });
});
