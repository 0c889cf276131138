import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { follow, lastLines } from './log-files.js';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ringside-logs-'));
  file = join(directory, 'pulsar.log');
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('a log', () => {
  it('ends in its last lines, however long it is', () => {
    expect(lastLines(file, 3)).toBe('');
    writeFileSync(file, `${'x'.repeat(300_000)}\none\ntwo\nthree\n`);
    expect(lastLines(file, 2)).toBe('two\nthree');
    expect(lastLines(file, 0)).toBe('');
  });

  it('is followed from its end on', async () => {
    writeFileSync(file, 'before\n');
    const ending = new AbortController();
    const seen: string[] = [];
    const following = follow(file, ending.signal, (text) => {
      seen.push(text);
      if (seen.join('').includes('last')) ending.abort();
    });
    appendFileSync(file, 'first\n');
    appendFileSync(file, 'last\n');
    await following;
    expect(seen.join('')).toBe('first\nlast\n');
  });
});
