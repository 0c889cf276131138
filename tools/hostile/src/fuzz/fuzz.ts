import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { concurrently } from '@ringside/core';

import type { Verdict } from '../report.js';
import type { Services, Target } from '../services.js';
import { faultsOf, type FuzzReport } from './fuzz-report.js';
import { readableElsewhere } from './openapi.js';
import { schemathesisIn } from './python.js';
import { seedCases } from './seed-cases.js';

export interface FuzzOptions {
  /** The tool's own folder. */
  readonly tool: string;
  /** Where the environment and the reports are kept. */
  readonly cache: string;
  readonly short: boolean;
  readonly seed: number;
  /** The services to go over; all where undefined. */
  readonly names: readonly string[] | undefined;
  readonly say: (line: string) => void;
  /** Ends Schemathesis. */
  readonly signal: AbortSignal;
}

const examples = { short: 4, long: 60 } as const;
/** What follows links from one request to the next takes most of the time. */
const phases = { short: 'examples,coverage,fuzzing', long: 'examples,coverage,fuzzing,stateful' } as const;
/** In the long form most of the time goes by while services wait for versions that do not come. */
const atOnceMax = { short: 1, long: 5 } as const;
/** A backstop: whatever hangs ends. */
const runMsMax = { short: 240_000, long: 1_800_000 } as const;
const documentMsMax = 30_000;

const roles = ['case_worker', 'lead', 'approver', 'read_only', 'platform', 'game'];

/** Schemathesis with all checks on over the OpenAPI of each service; its own report is kept beside. */
export async function fuzz(services: Services, options: FuzzOptions): Promise<readonly Verdict[]> {
  const { tool, cache, names, say, signal } = options;
  const folder = join(tool, 'schemathesis');
  const program = await schemathesisIn(cache, join(folder, 'requirements.txt'), { say, signal });
  const reports = join(cache, 'reports');
  await mkdir(reports, { recursive: true });
  await seedCases(services);
  const token = await services.token(roles);
  const prepared = { program, folder, reports, token };
  const targets = services.targets.filter(({ name }) => names === undefined || names.includes(name));
  return concurrently(targets, atOnceMax[options.short ? 'short' : 'long'], (target) => {
    say(`Schemathesis over ${target.name}`);
    return fuzzOne(prepared, target, options);
  });
}

interface Prepared {
  readonly program: string;
  readonly folder: string;
  readonly reports: string;
  readonly token: string;
}

async function fuzzOne(prepared: Prepared, target: Target, { short, seed, signal }: FuzzOptions): Promise<Verdict> {
  const { program, folder, reports, token } = prepared;
  const document = join(reports, `${target.name}.openapi.json`);
  const openapi = await (await fetch(`${target.url}/docs/openapi.json`, { signal: AbortSignal.timeout(documentMsMax) })).json();
  await writeFile(document, JSON.stringify(readableElsewhere(openapi)));
  const reportFile = join(reports, `${target.name}.json`);
  const output = join(reports, `${target.name}.txt`);
  await rm(reportFile, { force: true }); // an earlier run's must not be taken for this one's
  const length = short ? 'short' : 'long';
  const began = performance.now();
  const child = spawn(
    program,
    [
      ...['--config-file', join(folder, 'schemathesis.toml')],
      ...['run', document, '--url', target.url, '--checks', 'all'],
      ...['--header', `Authorization: Bearer ${token}`],
      ...[
        '--phases',
        phases[length],
        '--max-examples',
        String(examples[length]),
        '--seed',
        String(seed),
        '--generation-database',
        'none',
      ],
      ...['--request-timeout', '10', '--continue-on-failure', '--no-shrink', '--no-color'],
      ...['--report', 'json', '--report-json-path', reportFile],
    ],
    {
      cwd: reports,
      env: {
        ...process.env,
        // The seed of Python's hashes: what the hooks choose is the same in each run.
        ...{ PYTHONHASHSEED: String(seed), SCHEMATHESIS_HOOKS: 'hooks', PYTHONPATH: folder },
        ...{ HOSTILE_URL: target.url, HOSTILE_TOKEN: token },
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...{ signal, timeout: runMsMax[length], killSignal: 'SIGKILL' },
    },
  );
  const written: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => written.push(chunk));
  const [code, killedBy] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  await writeFile(output, Buffer.concat(written));
  const ms = performance.now() - began;
  const base = { part: 'fuzz', group: 'schemathesis', name: target.name, ms } as const;
  const report = await readFile(reportFile, 'utf8').then(
    (text) => JSON.parse(text) as FuzzReport,
    () => undefined,
  );
  if (report === undefined || (code !== 0 && code !== 1)) {
    const ending = killedBy ?? `exit code ${code}`;
    return { ...base, sent: 'all operations', came: ending, faults: [`Schemathesis ended with ${ending}: see ${output}`] };
  }
  const { operations, test_cases: cases } = report;
  const faults = faultsOf(report, code);
  return {
    ...base,
    sent: `${cases.generated.toLocaleString('en')} requests to ${operations.tested} of ${operations.selected} operations`,
    came: faults.length === 0 ? 'as documented' : `see ${output}`,
    faults,
  };
}
