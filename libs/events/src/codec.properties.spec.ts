import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeEvent, encodeEvent } from './codec.js';
import type { RingsideEvent } from './contract.js';
import { createEvent } from './create-event.js';
import { reportEvidenceFiled } from './report-evidence-filed.js';
import { reportFiled } from './report-filed.js';
import { reportRerouted } from './report-rerouted.js';

const bytesOf = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value) ?? '', 'utf8');

const moment = fc
  .date({ min: new Date(0), max: new Date(Date.UTC(9999, 0, 1)), noInvalidDate: true })
  .map((date) => date.toISOString());
const text = (charactersMax: number) =>
  fc.string({ unit: 'grapheme', maxLength: 40 }).map((long) => long.slice(0, charactersMax).toWellFormed());
const id = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).map((long) => long.slice(0, 128).toWellFormed());
const word = fc.stringMatching(/^[a-z][a-z0-9_]{0,63}$/);
const region = fc.stringMatching(/^[a-z][a-z0-9-]{0,31}$/);
// A zero below zero is a zero in JSON.
const json = fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.parse(JSON.stringify(value)) as object);
const telemetry = json.filter((value) => !JSON.stringify(value).includes('__proto__'));
const optional = { requiredKeys: ['reportId', 'game', 'subjectId', 'reason', 'filedAt'] as const };

const report = { reportId: id, game: id, subjectId: id, reason: word, filedAt: moment };
const filed = fc.record(
  { ...report, reporterId: id, subjectHomeRegion: region, hasEvidence: fc.boolean(), matchId: id, occurredAt: moment },
  { requiredKeys: [...optional.requiredKeys, 'reporterId', 'subjectHomeRegion', 'hasEvidence'] },
);
const rerouted = fc
  .tuple(
    filed,
    fc.record({ priorReasons: fc.array(word, { minLength: 1, maxLength: 16 }), reroutedAt: moment, reroutedBy: region }),
  )
  .map(([data, how]) => ({ ...data, ...how }));
const evidence = fc.record(
  {
    ...report,
    description: text(2000),
    chat: fc.array(fc.record({ at: moment, playerId: id, text: text(500) }), { maxLength: 20 }),
    replayUrl: fc.webUrl({ validSchemes: ['http', 'https'], withQueryParameters: true }),
    clientBuild: id,
    telemetry: telemetry as fc.Arbitrary<Record<string, never>>,
  },
  { requiredKeys: [...optional.requiredKeys] },
);
const origin = fc.record(
  { time: moment, region, source: region, correlationId: id, causationId: id },
  { requiredKeys: ['time', 'region', 'source'] },
);
const event: fc.Arbitrary<RingsideEvent> = fc.oneof(
  fc.tuple(origin, filed).map(([from, data]) => createEvent(reportFiled, { ...from, data })),
  fc.tuple(origin, evidence).map(([from, data]) => createEvent(reportEvidenceFiled, { ...from, data })),
  fc.tuple(origin, rerouted).map(([from, data]) => createEvent(reportRerouted, { ...from, data })),
);

describe('encodeEvent and decodeEvent', () => {
  it('give back every event as it was', () => {
    fc.assert(fc.property(event, (before) => expect(decodeEvent(encodeEvent(before))).toEqual({ ok: true, value: before })));
  });
});

describe('decodeEvent', () => {
  it('never throws, on any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => expect(decodeEvent(bytes).ok).toBe(false)));
    const flipped = fc.tuple(event, fc.nat(), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(flipped, ([before, at, mask]) => {
        const bytes = Uint8Array.from(encodeEvent(before));
        bytes[at % bytes.length]! ^= mask;
        expect(typeof decodeEvent(bytes).ok).toBe('boolean');
      }),
      { numRuns: 1000 },
    );
  });

  it('never throws on any JSON, nor on an event with any value in any field', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => expect(decodeEvent(bytesOf(value)).ok).toBe(false)));
    const replaced = fc.tuple(event, fc.constantFrom('envelope', 'data'), fc.nat(), fc.jsonValue());
    fc.assert(
      fc.property(replaced, ([before, where, at, value]) => {
        const fields = where === 'data' ? before.data : before;
        const names = Object.keys(fields);
        const broken = { ...fields, [names[at % names.length]!]: value };
        expect(typeof decodeEvent(bytesOf(where === 'data' ? { ...before, data: broken } : broken)).ok).toBe('boolean');
      }),
      { numRuns: 1000 },
    );
  });

  it('repeats in a violation nothing that players wrote', () => {
    const secret = 'Zq7SecretZq7';
    const spoil = fc.constantFrom<(value: unknown) => unknown>(
      () => secret,
      () => ({ [secret]: secret }),
      () => [secret, [secret]],
      (value) => ({ value, [secret]: 1 }),
    );
    fc.assert(
      fc.property(event, spoil, fc.nat(), (before, spoilt, at) => {
        const whole = { ...before, description: '', data: { ...before.data, also: '' } };
        const names = Object.keys(whole.data);
        const spots = [
          { ...whole, data: { ...whole.data, [names[at % names.length]!]: spoilt('') } },
          { ...whole, data: { ...whole.data, [secret]: spoilt('') } },
          ...Object.keys(whole)
            .filter((name) => name !== 'type')
            .map((name) => ({ ...whole, [name]: spoilt('') })),
          { ...whole, type: `${secret} ${secret}` },
        ];
        for (const spot of spots) expect(JSON.stringify(decodeEvent(bytesOf(spot)))).not.toContain(secret);
      }),
    );
  });
});
