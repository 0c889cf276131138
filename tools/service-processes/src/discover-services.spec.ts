import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { discoverServices } from './discover-services.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ringside-apps-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function app(name: string, manifest?: object): void {
  mkdirSync(join(root, 'apps', name), { recursive: true });
  if (manifest) writeFileSync(join(root, 'apps', name, 'package.json'), JSON.stringify(manifest));
}

describe('discoverServices', () => {
  it('finds every app that has a place among the ports, in their order', () => {
    app('abuse-team', { ringside: { portOffset: 2 } });
    app('report-intake', { ringside: { portOffset: 0 } });
    app('library', {});
    app('left-over');
    expect(discoverServices(root)).toEqual([
      { name: 'report-intake', main: join(root, 'apps/report-intake/dist/main.js'), portOffset: 0 },
      { name: 'abuse-team', main: join(root, 'apps/abuse-team/dist/main.js'), portOffset: 2 },
    ]);
  });

  it('refuses two of them at one place', () => {
    app('one', { ringside: { portOffset: 4 } });
    app('two', { ringside: { portOffset: 4 } });
    expect(() => discoverServices(root)).toThrow('one and two have the same portOffset');
  });
});
