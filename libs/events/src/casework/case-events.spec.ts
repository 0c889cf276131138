import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

import { decodeEvent } from '../codec.js';

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
