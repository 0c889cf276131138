import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { emptyPlace, grow, keepSite, keptSite } from './kept-sites.js';
import type { Site } from './sites.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ringside-sites-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function filled(): Site {
  const data = emptyPlace(directory, 2_000);
  mkdirSync(data);
  const took = { events: 2_000, seconds: 1, cpuSeconds: 1 };
  const measured = { filled: took, rebuilt: took, captured: 2_000, anonymous: 1, bytesOfViews: 1, bytesOfLog: 1, compared: 1 };
  const site: Site = { data, reports: 2_000, reasons: ['aimbot'], ...measured, filledAt: '2026-01-31T12:00:00.000Z', added: 0 };
  keepSite(site);
  return site;
}

describe('a site that is kept', () => {
  it('is found by its size, with what was measured and added', async () => {
    const site = filled();
    expect(await grow(site, 500, async () => 'done')).toBe('done');
    expect(keptSite(directory, 2_000)).toEqual({ ...site, added: 500 });
    expect(keptSite(directory, 1_000)).toBeUndefined();
  });

  it('is none any longer where adding to it failed, and gives way to a new one', async () => {
    const site = filled();
    writeFileSync(join(site.data, 'half'), '');
    await expect(grow(site, 500, () => Promise.reject(new Error('no space left')))).rejects.toThrow('no space left');
    expect(keptSite(directory, 2_000)).toBeUndefined();
    expect(existsSync(join(emptyPlace(directory, 2_000), 'half'))).toBe(false);
  });
});

describe('a site of one run alone', () => {
  it('is not kept because it grows', async () => {
    const site = filled();
    rmSync(`${site.data}.json`);
    await grow(site, 500, async () => undefined);
    expect(site.added).toBe(500);
    expect(keptSite(directory, 2_000)).toBeUndefined();
  });
});
