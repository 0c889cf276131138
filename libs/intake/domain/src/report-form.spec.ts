import { describe, expect, it } from '@jest/globals';
import { reportReasons } from '@ringside/events';
import { isAboutReporter, readReportForm, reportFormSchema } from './index.js';

const now = Date.parse('2026-01-31T12:00:00.000Z');
const form = { game: 'arena', reporterId: 'player-1', subjectId: 'player-2', reason: 'aimbot' };
const full = {
  ...form,
  matchId: 'match-9',
  description: 'Snaps to heads\nthrough walls.\t100 %',
  occurredAt: '2026-01-31T11:59:00.000Z',
  evidence: {
    chat: [{ at: '2026-01-31T11:58:00.000Z', playerId: 'player-2', text: 'gg 😀' }],
    replayUrl: 'https://replays.example/9',
    clientBuild: '1.4.2',
    telemetry: { samples: [1, 2, { x: null }] },
  },
};

const faults = (body: unknown) => {
  const read = readReportForm(body, now);
  return read.ok ? [] : read.error;
};
const pointers = (body: unknown) => faults(body).map(({ pointer }) => pointer);

describe('readReportForm', () => {
  it('takes the shortest and the fullest form as they are', () => {
    expect(readReportForm(form, now)).toEqual({ ok: true, value: form });
    expect(readReportForm(full, now)).toEqual({ ok: true, value: full });
  });

  it.each(reportReasons.map(({ reason }) => reason))('knows the reason %s', (reason) => {
    expect(readReportForm({ ...form, reason, description: 'because' }, now)).toMatchObject({ ok: true });
  });

  it.each([undefined, null, 'text', 7, true, [], [form]])('refuses %j in place of a form', (body) => {
    expect(faults(body)).toEqual([{ pointer: '', detail: 'must be an object' }]);
  });

  it.each(Object.keys(form))('misses %s', (field) => {
    expect(faults({ ...form, [field]: undefined })).toEqual([{ pointer: `/${field}`, detail: 'is required' }]);
  });

  it.each(Object.keys(full).flatMap((field) => [null, 7, true, [], ['x']].map((value) => [field, value] as const)))(
    'refuses %s of a wrong type: %j',
    (field, value) => expect(pointers({ ...full, [field]: value })).toEqual([`/${field}`]),
  );

  it.each([
    ['game', 'x'.repeat(65)],
    ['game', ''],
    ['game', 'a game'],
    ['reporterId', ''],
    ['reporterId', 'x'.repeat(129)],
    ['subjectId', 'x'.repeat(129)],
    ['matchId', 'x'.repeat(129)],
    ['description', 'x'.repeat(2001)],
    ['reason', 'aim'],
    ['reason', 'constructor'],
    ['reason', 'toString'],
    ['occurredAt', 'yesterday'],
    ['occurredAt', '2026-02-30T00:00:00.000Z'],
    ['occurredAt', '2026-02-02T12:00:00.000Z'],
    ['occurredAt', '9999-12-31T23:59:59.999Z'],
  ])('refuses %s with the value %j', (field, value) => {
    expect(pointers({ ...full, [field]: value })).toEqual([`/${field}`]);
  });

  it.each(['reporterId', 'subjectId', 'matchId', 'description'])(
    'refuses control characters and lone surrogates in %s',
    (field) => {
      for (const text of ['a\u0000b', 'a\u001bb', 'a\u007fb', 'a\u0085b', 'a\ud800b', 'a\udc00', 'a\r']) {
        expect(pointers({ ...full, [field]: text })).toEqual([`/${field}`]);
      }
    },
  );

  it('refuses each fault within the evidence at its place', () => {
    const evidence = {
      chat: [{ at: 'now', playerId: 7, text: 'x'.repeat(501), by: 'me' }, 'hello'],
      replayUrl: 'javascript:alert(1)',
      clientBuild: '',
      telemetry: [],
      video: 'x',
    };
    expect(pointers({ ...full, evidence }).sort()).toEqual(
      [
        '/evidence/chat/0/at',
        '/evidence/chat/0/by',
        '/evidence/chat/0/playerId',
        '/evidence/chat/0/text',
        '/evidence/chat/1',
        '/evidence/clientBuild',
        '/evidence/replayUrl',
        '/evidence/telemetry',
        '/evidence/video',
      ].sort(),
    );
    expect(pointers({ ...full, evidence: { chat: Array.from({ length: 201 }, () => full.evidence.chat[0]) } })).toEqual([
      '/evidence/chat',
    ]);
  });

  it.each([{ k: '\ud800' }, { '\udfff': 1 }, { n: Infinity }, JSON.parse('{"a":{"__proto__":1}}'), nested(20)])(
    'refuses telemetry that cannot be stored as it is',
    (telemetry) => expect(pointers({ ...full, evidence: { telemetry } })).toEqual(['/evidence/telemetry']),
  );

  it.each([{ k: 'a\u0007' }, { 'k\u0000': 1 }, { list: [[{ deep: '\u009f' }]] }, { k: 'a\r\n' }])(
    'refuses control characters in telemetry, as everywhere: %j',
    (telemetry) =>
      expect(faults({ ...full, evidence: { telemetry } })).toEqual([
        { pointer: '/evidence/telemetry', detail: 'must not contain control characters other than newline and tab' },
      ]),
  );

  it('takes lines and columns in telemetry', () => {
    const body = { ...full, evidence: { telemetry: { stack: 'at a\n\tat b', 'a\tb': ['x\n'] } } };
    expect(readReportForm(body, now)).toEqual({ ok: true, value: body });
  });

  it('names every unknown field, and all other faults in the same answer', () => {
    expect(pointers({ game: 7, reporterId: '', extra: 1, 'a/b~c': 2, reason: 'other' }).sort()).toEqual(
      ['/a~1b~0c', '/description', '/extra', '/game', '/reporterId', '/subjectId'].sort(),
    );
  });

  it.each([undefined, '', '   \n'])('wants words with the reason other: %j', (description) => {
    const body = { ...form, reason: 'other', ...(description !== undefined && { description }) };
    expect(faults(body)).toEqual([{ pointer: '/description', detail: 'is required with the reason other' }]);
  });

  it('takes a clock that is some hours ahead', () => {
    expect(faults({ ...form, occurredAt: '2026-02-01T11:00:00.000Z' })).toEqual([]);
  });

  it('quotes nothing of the body in a fault', () => {
    const secret = 'sesame-17';
    expect(JSON.stringify(faults({ ...full, reason: secret, game: `${secret} `, occurredAt: secret }))).not.toContain(secret);
  });
});

function nested(depth: number): object {
  return depth === 0 ? {} : { in: nested(depth - 1) };
}

describe('the rest of the form', () => {
  it('tells a report on oneself', () => {
    expect(isAboutReporter({ ...form, reason: 'aimbot' })).toBe(false);
    expect(isAboutReporter({ ...form, subjectId: 'player-1', reason: 'aimbot' })).toBe(true);
  });

  it('is documented by a JSON Schema with every field and bound', () => {
    expect(reportFormSchema()).toMatchObject({
      type: 'object',
      additionalProperties: false,
      required: ['game', 'reporterId', 'subjectId', 'reason'],
      properties: {
        reporterId: { minLength: 1, maxLength: 128 },
        reason: { enum: reportReasons.map(({ reason }) => reason) },
        description: { maxLength: 2000 },
        evidence: { additionalProperties: false, properties: { chat: { maxItems: 200 }, telemetry: { type: 'object' } } },
      },
      if: { required: ['reason'], properties: { reason: { enum: ['other'] } } },
      then: { required: ['description'], properties: { description: { pattern: '[^\\s\\ufeff]' } } },
    });
    expect(JSON.stringify(reportFormSchema())).not.toContain('\\p{');
  });
});
