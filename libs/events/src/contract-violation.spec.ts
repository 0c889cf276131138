import { describe, expect, it } from '@jest/globals';
import { decodeEvent, encodeEvent } from './codec.js';
import { createEvent } from './create-event.js';
import { chatLinesMax, reportEvidenceFiled } from './report-evidence-filed.js';

const time = '2026-01-31T12:00:00.000Z';
const evidence = createEvent(reportEvidenceFiled, {
  ...{ time, region: 'eu', source: 'report-intake' },
  data: { reportId: 'r', game: 'g', subjectId: 's', reason: 'aimbot', filedAt: time },
});
const violation = (event: object) => {
  const decoded = decodeEvent(Buffer.from(JSON.stringify(event)));
  return decoded.ok ? undefined : decoded.error;
};

describe('a violation', () => {
  const line = { at: time, playerId: 'p', text: '' };

  it.each<[object, string, string]>([
    [{ subjectId: 'x'.repeat(129) }, '/data/subjectId', 'is too long or too large'],
    [{ chat: Array.from({ length: chatLinesMax + 1 }, () => line) }, '/data/chat', 'is too long or too large'],
    [{ subjectId: '' }, '/data/subjectId', 'is too short or too small'],
    [{ reason: 'Aimbot' }, '/data/reason', 'has a wrong format'],
    [{ replayUrl: 'http://[::1' }, '/data/replayUrl', 'is not what the contract asks for'],
    [{ description: 7 }, '/data/description', 'is missing or of a wrong type'],
  ])('of %j says what is wrong with %s', (data, pointer, phrase) => {
    expect(violation({ ...evidence, data: { ...evidence.data, ...data } })).toEqual({
      code: 'invalid_data',
      message: `ReportEvidenceFiled version 1 is not valid: ${pointer} ${phrase}.`,
      pointers: [pointer],
    });
  });

  it.each<[object, string, string]>([
    [{ zone: 'global' }, '/zone', 'is not the value that the contract fixes'],
    [{ sequence: 0 }, '/sequence', 'is too short or too small'],
    [{ id: 'none' }, '/id', 'has a wrong format'],
    [{ traceparent: '00-1' }, '/traceparent', 'has a wrong format'],
  ])('of an envelope with %j says what is wrong with %s', (given, pointer, phrase) => {
    expect(violation({ ...evidence, ...given })).toEqual({
      code: 'invalid_envelope',
      message: `ReportEvidenceFiled version 1 is not valid: ${pointer} ${phrase}.`,
      pointers: [pointer],
    });
  });

  it('names no field where the bytes are no event at all', () => {
    expect(violation([])).toEqual({ ...{ code: 'invalid_envelope', pointers: [] }, message: expect.any(String) });
    const decoded = decodeEvent(Buffer.of(0x22));
    expect(decoded).toEqual({ ok: false, error: { code: 'not_json', message: expect.any(String), pointers: [] } });
  });

  it('names a type only where all of it looks like the name of an event', () => {
    const words = ['my Secret', 'Secret word', '7Secret', 'secret/Secret', 'Secret\n', 'Secret7'];
    for (const type of words) expect(violation({ ...evidence, type })?.message).toBe('The contract has no event of this type.');
    for (const type of [['Secret'], { toString: () => 'Secret' }])
      expect(() => encodeEvent({ ...evidence, type } as never)).toThrow('The contract has no event of this type.');
  });
});
