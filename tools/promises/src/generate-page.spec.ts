import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';

import { readFindings } from './findings.js';
import { generatePage } from './generate-page.js';
import { pageFile } from './places.js';

const directory = mkdtempSync(join(tmpdir(), 'ringside-promises-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('docs/promises.md', () => {
  it('is as the kept runs and findings make it: npm run promises', () => {
    expect(readFileSync(pageFile, 'utf8')).toBe(generatePage());
  });
});

describe('findings', () => {
  it('of a harness that found nothing are none', () => {
    expect(readFindings('bench', directory)).toEqual([]);
  });

  it.each([
    ['no list', 'found: x', 'must be a list of findings'],
    ['a day that is none', '- { on: yesterday, found: x, mended: y }', 'entry 1: "on" must be a day'],
    ['nothing mended', '- { on: 2026-11-23, found: x }', 'entry 1: "mended" must be a text'],
    ['a word too many', '- { on: 2026-11-23, found: x, mended: y, by: z }', 'entry 1: by: there are only'],
  ])('are refused with %s', (_, text, message) => {
    writeFileSync(join(directory, 'chaos.yaml'), text);
    expect(() => readFindings('chaos', directory)).toThrow(message);
  });

  it('are open only where that is said', () => {
    writeFileSync(
      join(directory, 'hostile.yaml'),
      '- { on: 2026-11-23, found: x, mended: y }\n- { on: 2026-11-24, found: z, mended: not yet, open: true }\n',
    );
    expect(readFindings('hostile', directory).map(({ open }) => open)).toEqual([false, true]);
  });
});
