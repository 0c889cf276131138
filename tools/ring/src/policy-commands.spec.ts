import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { StartupError } from '@ringside/core';
import { Command } from 'commander';

import { addPolicyCommands } from './policy-commands.js';

const ringYaml = fileURLToPath(new URL('../../../ring.yaml', import.meta.url));
const ownMap = fileURLToPath(new URL('../../../docs/ring-map.svg', import.meta.url));

let directory: string;
let printed: string[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ringside-policy-'));
  printed = [];
  jest.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
});

afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
  rmSync(directory, { recursive: true, force: true });
});

async function run(...words: readonly string[]): Promise<void> {
  const program = new Command().exitOverride();
  addPolicyCommands(program);
  await program.parseAsync(words, { from: 'user' });
}

describe('ring check', () => {
  it('says what a policy has that is in order', async () => {
    await run('check', ringYaml);
    expect(printed).toEqual([
      expect.stringMatching(
        /^The policy is in order: \d+ regions, \d+ zones, 7 topics, \d+ views, \d+ services\. SHA-256 [0-9a-f]{64}$/,
      ),
    ]);
  });

  it('warns of a service that there is not, and of one that is left out', async () => {
    const warned = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const file = join(directory, 'slip.yaml');
    writeFileSync(file, readFileSync(ringYaml, 'utf8').replace('  report-intake: {', '  report-intakes: {'));
    await run('check', ringYaml);
    expect(warned).not.toHaveBeenCalled();
    await run('check', file);
    expect(warned.mock.calls.map(([line]) => String(line))).toEqual([
      expect.stringContaining(
        'services.report-intakes: Ringside has no service "report-intakes". Did you mean "report-intake"?',
      ),
      expect.stringContaining('services: "report-intake" is missing'),
    ]);
    expect(printed).toHaveLength(2);
  });

  it('says everything that is wrong with one that is not, a line for each', async () => {
    const file = join(directory, 'bad.yaml');
    writeFileSync(
      file,
      readFileSync(ringYaml, 'utf8')
        .replace('tenant:', 'tennant:')
        .replace('reports: { zone: global }', 'reports: { zone: globe }'),
    );
    const refusal = run('check', file);
    await expect(refusal).rejects.toThrow(StartupError);
    await expect(refusal).rejects.toThrow(
      /bad\.yaml:\d+:\d+: tenant: .*\n.*bad\.yaml:\d+:\d+: tennant: There is no setting "tennant" here\. Did you mean "tenant"\?\n.*topics\.reports\.zone: There is no zone "globe" in this policy\. Did you mean "global"\?$/,
    );
  });

  it('says of a file that is not there that it cannot be read', async () => {
    await expect(run('check', join(directory, 'none.yaml'))).rejects.toThrow(/^The policy .*none\.yaml cannot be read: ENOENT/);
  });
});

describe('ring map', () => {
  it('writes the map where it is asked to', async () => {
    const out = join(directory, 'map.svg');
    await run('map', '--policy', ringYaml, '--out', out);
    expect(readFileSync(out, 'utf8')).toBe(readFileSync(ownMap, 'utf8'));
    expect(printed).toEqual([expect.stringMatching(/^The map is in .*map\.svg\.$/)]);
  });

  it('is text where text is asked for', async () => {
    const out = join(directory, 'map.mmd');
    await run('map', '--policy', ringYaml, '--format', 'mermaid', '--out', out);
    expect(readFileSync(out, 'utf8')).toMatch(/^flowchart LR\n/);
  });
});

describe('ring where', () => {
  it('answers for people', async () => {
    await run('where', 'description', '--policy', ringYaml);
    expect(printed[0]).toMatch(/^ReportEvidenceFiled\.description, the field, is personal\. /);
    expect(printed).toContain('  topic     persistent://ringside/evidence/report-evidence in eu, us, ap');
    expect(process.exitCode).toBeUndefined();
  });

  it('answers for programs', async () => {
    await run('where', 'ReportFiled', '--json', '--policy', ringYaml);
    expect(JSON.parse(printed.join('\n'))).toMatchObject({ found: [{ what: 'ReportFiled', kind: 'global', personal: [] }] });
  });

  it('fails where nothing is called so', async () => {
    await run('where', 'reprots', '--policy', ringYaml);
    expect(printed).toEqual(['Nothing is called "reprots". Did you mean "reports"?']);
    expect(process.exitCode).toBe(1);
  });
});
