import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

import { decodeEvent } from '../codec.js';
import { stepsPerTerm } from '../ring-events.js';

const fixture = (type: string, version: number): { readonly data: object; readonly region: string } => {
  const path = new URL(`../../fixtures/${type}/v${version}.json`, import.meta.url);
  return (JSON.parse(readFileSync(path, 'utf8')) as [{ data: object; region: string }])[0];
};

describe('a step that repeated what a regional event has', () => {
  it.each([
    ['AppealOpened', 'I was at a tournament'],
    ['EvidenceAssembled', 'https://replays.example.com/m-881'],
  ])('%s is read without it, and names the region that keeps it', (type, words) => {
    const before = fixture(type, 1);
    expect(JSON.stringify(before)).toContain(words);
    const decoded = decodeEvent(Buffer.from(JSON.stringify(before)));
    expect(decoded).toMatchObject({ ok: true, value: { version: 2, data: fixture(type, 2).data } });
    expect(JSON.stringify(decoded)).not.toContain(words);
  });
});

describe('a term of a case', () => {
  const adopted = fixture('CaseAdopted', 1);
  const goingOnFrom = (basedOn: number): object => ({ ...adopted, data: { ...adopted.data, basedOn } });

  it.each([0, 3, stepsPerTerm - 1])('goes on from a step of an earlier one (%i)', (basedOn) => {
    expect(decodeEvent(Buffer.from(JSON.stringify(goingOnFrom(basedOn))))).toMatchObject({ ok: true });
  });

  it.each([stepsPerTerm, 2 * stepsPerTerm])('does not go on from one that is not (%i)', (basedOn) => {
    const decoded = decodeEvent(Buffer.from(JSON.stringify(goingOnFrom(basedOn))));
    expect(decoded).toMatchObject({ ok: false, error: { code: 'invalid_data', pointers: ['/data/basedOn'] } });
  });
});
