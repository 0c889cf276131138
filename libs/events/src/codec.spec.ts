import { describe, expect, it } from '@jest/globals';
import { decodeEvent, encodeEvent } from './codec.js';
import type { RingsideEvent } from './contract.js';
import { InvalidEventError } from './contract-violation.js';
import { createEvent } from './create-event.js';
import { reportFiled } from './report-filed.js';

const bytesOf = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value) ?? '', 'utf8');

const time = '2026-01-31T12:00:00.000Z';
const aReport = createEvent(reportFiled, {
  time,
  region: 'eu-west-1',
  source: 'report-intake',
  data: {
    reportId: 'r-1',
    game: 'skyfall-arena',
    reporterId: 'p-1',
    subjectId: 'p-2',
    subjectHomeRegion: 'eu-west-1',
    reason: 'wallhack',
    filedAt: time,
    hasEvidence: true,
  },
});

describe('encodeEvent', () => {
  it('writes the same bytes for the same event, in whatever order its fields were set', () => {
    const { data, ...envelope } = aReport;
    const reversed = Object.fromEntries(Object.entries({ ...envelope, data }).reverse()) as unknown as typeof aReport;
    expect(encodeEvent(reversed)).toEqual(encodeEvent(aReport));
  });

  it('throws on an event without one of its fields, or with one that the contract does not know', () => {
    const broken: unknown[] = [
      ...Object.keys(aReport).map((field) => ({ ...aReport, [field]: undefined })),
      ...Object.keys(aReport.data).map((field) => ({ ...aReport, data: { ...aReport.data, [field]: undefined } })),
      { ...aReport, specversion: '1.0' },
      { ...aReport, data: { ...aReport.data, description: 'personal, and would go to every region' } },
      { ...aReport, zone: 'regional' },
      { ...aReport, version: 1 },
      { ...aReport, type: 'toString' },
      { ...aReport, id: 'not-a-uuid' },
      { ...aReport, sequence: 0 },
    ];
    for (const each of broken) expect(() => encodeEvent(each as RingsideEvent)).toThrow(InvalidEventError);
  });
});

describe('decodeEvent', () => {
  const violation = (bytes: Uint8Array) => {
    const decoded = decodeEvent(bytes);
    return decoded.ok ? undefined : decoded.error;
  };

  it.each([
    ['nothing', Buffer.of(), 'not_json'],
    ['bytes that are not UTF-8', Buffer.of(0x22, 0xff, 0x22), 'not_json'],
    ['half an event', encodeEvent(aReport).subarray(0, 100), 'not_json'],
    ['a byte order mark', Buffer.from(`\ufeff${JSON.stringify(aReport)}`), 'not_json'],
    ['null', bytesOf(null), 'invalid_envelope'],
    ['a list', bytesOf([aReport]), 'invalid_envelope'],
    ['an object without type', bytesOf({ version: 1 }), 'invalid_envelope'],
    ['a version that is text', bytesOf({ ...aReport, version: '2' }), 'invalid_envelope'],
    ['half a version', bytesOf({ ...aReport, version: 1.5 }), 'invalid_envelope'],
    ['a field of the envelope too many', bytesOf({ ...aReport, extra: 1 }), 'invalid_envelope'],
    ['another zone', bytesOf({ ...aReport, zone: 'regional' }), 'invalid_envelope'],
    ['an unknown type', bytesOf({ ...aReport, type: 'CaseOpened' }), 'unknown_type'],
    ['a type that every object has', bytesOf({ ...aReport, type: 'constructor' }), 'unknown_type'],
    ['a newer version', bytesOf({ ...aReport, version: 3 }), 'unknown_version'],
    ['version 0', bytesOf({ ...aReport, version: 0 }), 'unknown_version'],
    ['a version below zero', bytesOf({ ...aReport, version: -1 }), 'unknown_version'],
    ['no data', bytesOf({ ...aReport, data: null }), 'invalid_data'],
    ['data of another version', bytesOf({ ...aReport, version: 1 }), 'invalid_data'],
    [
      '__proto__ in the data',
      Buffer.from(JSON.stringify(aReport).replace('"reportId"', '"__proto__":{},"reportId"')),
      'invalid_data',
    ],
    [
      '__proto__ in the envelope',
      Buffer.from(JSON.stringify(aReport).replace('"id"', '"__proto__":{},"id"')),
      'invalid_envelope',
    ],
  ])('answers %s with a violation', (_, bytes, code) => {
    expect(violation(bytes)?.code).toBe(code);
  });

  it('says which fields are at fault', () => {
    const { subjectId: _, ...data } = aReport.data;
    expect(violation(bytesOf({ ...aReport, data: { ...data, filedAt: 7 } }))).toEqual({
      code: 'invalid_data',
      message:
        'ReportFiled version 2 is not valid: /data/subjectId is missing or of a wrong type, /data/filedAt is missing or of a wrong type.',
      pointers: ['/data/subjectId', '/data/filedAt'],
    });
  });

  it('names at most five fields, however many are at fault', () => {
    const chat = Array.from({ length: 5000 }, () => ({}));
    const { message, pointers } = violation(
      bytesOf({ ...aReport, type: 'ReportEvidenceFiled', version: 1, zone: 'regional', data: { chat } }),
    )!;
    expect(pointers).toHaveLength(5);
    expect(message.length).toBeLessThan(1000);
  });

  it('counts the faults that it does not name', () => {
    const lines = (count: number) => Array.from({ length: count }, () => ({ at: time, playerId: 'p', text: 7 }));
    const message = (count: number) => {
      const data = { reportId: 'r', game: 'g', subjectId: 's', reason: 'aimbot', filedAt: time, chat: lines(count) };
      return violation(bytesOf({ ...aReport, type: 'ReportEvidenceFiled', version: 1, zone: 'regional', data }))!.message;
    };
    expect(message(5)).toMatch(/\/data\/chat\/4\/text is missing or of a wrong type\.$/);
    expect(message(6)).toMatch(/\/data\/chat\/4\/text is missing or of a wrong type, and 1 more\.$/);
    expect(message(9)).toMatch(/, and 4 more\.$/);
  });

  it('names the type and the version that it does not know, unless they could be anything', () => {
    expect(violation(bytesOf({ ...aReport, type: 'CaseOpened' }))).toEqual({
      ...{ code: 'unknown_type', message: 'The contract has no event CaseOpened.', pointers: ['/type'] },
    });
    for (const type of ['case opened', 'x', 'A1', `A${'a'.repeat(64)}`, ''])
      expect(violation(bytesOf({ ...aReport, type }))?.message).toBe('The contract has no event of this type.');
    expect(() => encodeEvent({ ...aReport, type: 7 } as never)).toThrow(
      'The event was not encoded, for it breaks the contract: The contract has no event of this type.',
    );
    expect(violation(bytesOf({ ...aReport, version: 3 }))).toMatchObject({
      message: expect.stringMatching(/^ReportFiled has version 3; the contract knows versions 1 to 2\./),
      pointers: ['/version'],
    });
  });

  it('is about the envelope where any fault is there, and says so of the whole event', () => {
    expect(violation(bytesOf({ ...aReport, region: 7, data: { ...aReport.data, game: 7 } }))?.code).toBe('invalid_envelope');
    expect(violation(bytesOf({ ...aReport, more: 1 }))).toEqual({
      code: 'invalid_envelope',
      message: 'ReportFiled version 2 is not valid: the event has fields that the contract does not know.',
      pointers: [''],
    });
    const invented = { ...aReport, data: { ...aReport.data, filedAt: '2026-02-30T12:00:00.000Z' } };
    expect(violation(bytesOf(invented))?.message).toBe(
      'ReportFiled version 2 is not valid: /data/filedAt is not what the contract asks for.',
    );
  });

  it('never throws on nesting beyond the height of the stack', () => {
    const deep = `${'['.repeat(300_000)}${']'.repeat(300_000)}`;
    const anywhere = JSON.stringify({ ...aReport, deep: 0, data: { ...aReport.data, deep: 0 } });
    for (const bytes of [deep, `{"a":${deep}}`, anywhere.replaceAll('"deep":0', `"deep":${deep}`)])
      expect(decodeEvent(Buffer.from(bytes)).ok).toBe(false);
  });
});
