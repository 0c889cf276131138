import { randomFillSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { isUuidv7, timeOfUuidv7, useUuidv7Source, uuidv7Source } from '@ringside/core';
import { decodeEvent } from './codec.js';
import { createEvent, toRecord } from './create-event.js';
import { reportEvidenceFiled } from './report-evidence-filed.js';
import { reportFiled } from './report-filed.js';
import { reportRerouted } from './report-rerouted.js';

const time = '2026-01-31T12:00:00.000Z';
const origin = { time, region: 'eu-west-1', source: 'report-intake' };
const filed = {
  reportId: 'r-1',
  game: 'skyfall-arena',
  reporterId: 'p-1',
  subjectId: 'p-2',
  subjectHomeRegion: 'eu-west-1',
  reason: 'wallhack',
  filedAt: time,
  hasEvidence: true,
};
const evidence = { reportId: 'r-1', game: 'skyfall-arena', subjectId: 'p-2', reason: 'wallhack', filedAt: time };

describe('createEvent', () => {
  it('fills the envelope from the definition; a first event is its own correlation', () => {
    // Ids never go back: one of a later time that was made before would be in the way.
    useUuidv7Source(uuidv7Source((bytes) => randomFillSync(bytes)));
    const { id, ...event } = createEvent(reportFiled, { ...origin, data: filed });
    expect(isUuidv7(id)).toBe(true);
    expect(timeOfUuidv7(id)).toBe(Date.parse(time));
    expect(event).toEqual({
      type: 'ReportFiled',
      version: 2,
      source: 'report-intake',
      stream: 'report-r-1',
      sequence: 1,
      time,
      region: 'eu-west-1',
      zone: 'global',
      correlationId: id,
      data: filed,
    });
  });

  it('takes ids, cause and trace that are given', () => {
    const given = {
      id: '019c13ec-9e01-7d8e-9b34-a7c6e5f40213',
      correlationId: 'request-7',
      causationId: '019c13ec-9e00-7242-a7a3-75f10d467120',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    };
    expect(createEvent(reportEvidenceFiled, { ...origin, ...given, data: evidence })).toMatchObject({
      ...given,
      stream: 'report-evidence-r-1',
      sequence: 1,
      zone: 'regional',
    });
  });

  it('puts reroutings behind the report in its stream, in the order of their prior reasons', () => {
    const rerouted = (priorReasons: string[]) =>
      createEvent(reportRerouted, {
        ...origin,
        data: { ...filed, reason: 'harassment', priorReasons, reroutedAt: time, reroutedBy: 'others-triage' },
      });
    expect(rerouted(['other'])).toMatchObject({ stream: 'report-r-1', sequence: 2 });
    expect(rerouted(['other', 'griefing'])).toMatchObject({ stream: 'report-r-1', sequence: 3 });
  });
});

describe('toRecord', () => {
  it('names topic and key of each event and keeps its id', () => {
    const report = createEvent(reportFiled, { ...origin, data: filed });
    const record = toRecord(report);
    expect(record).toMatchObject({ topic: 'reports', key: 'p-2', id: report.id });
    expect(decodeEvent(record.bytes)).toEqual({ ok: true, value: report });
    const attached = createEvent(reportEvidenceFiled, { ...origin, data: evidence });
    expect(toRecord(attached)).toMatchObject({ topic: 'report-evidence', key: 'p-2', id: attached.id });
  });

  it('refuses an event that breaks the contract', () => {
    const event = createEvent(reportFiled, { ...origin, data: { ...filed, reason: 'Not A Reason' } });
    expect(() => toRecord(event)).toThrow(expect.objectContaining({ code: 'invalid_event' }));
  });
});
