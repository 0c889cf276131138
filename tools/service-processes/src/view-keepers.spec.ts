import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { viewKeepersIn } from './view-keepers.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ringside-apps-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function app(name: string, ringside: object, ...dependencies: readonly string[]): void {
  mkdirSync(join(root, 'apps', name), { recursive: true });
  const manifest = { ringside, dependencies: Object.fromEntries(dependencies.map((one) => [one, '*'])) };
  writeFileSync(join(root, 'apps', name, 'package.json'), JSON.stringify(manifest));
}

const libraries = (): readonly string[] => viewKeepersIn(root).map(({ library }) => library);

describe('those who keep views', () => {
  it('are those of the apps that are there, by their libraries', () => {
    app('report-intake', { portOffset: 0 }, '@ringside/drivers', '@ringside/intake-service');
    app('others-triage', { portOffset: 3, team: 'others-triage' }, '@ringside/platform', '@ringside/triage-service');
    app('platform', { portOffset: 4 }, '@ringside/ring-service');
    expect(libraries()).toEqual(['intake', 'triage']);
  });

  it('refuses a team whose library nobody knows', () => {
    app('new-team', { portOffset: 5, team: 'new' }, '@ringside/new');
    expect(libraries).toThrow('new-team depends on no library of a service');
  });
});
