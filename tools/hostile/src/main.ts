import { join, resolve } from 'node:path';

import { StartupError } from '@ringside/core';

import { runAttacks } from './attacks/run-attacks.js';
import { fuzz } from './fuzz/fuzz.js';
import { readOptions } from './options.js';
import { overload } from './overload/overload.js';
import { recordRun } from './record.js';
import { summaryOf, tableOf, writeReport, type Figures, type Verdict } from './report.js';
import { startServices, type Services } from './services.js';

const tool = resolve(import.meta.dirname, '..');
const root = resolve(tool, '../..');

const options = readOptions(process.argv, process.env);
const { short, parts, seed, services: names } = options;
const say = (line: string): void => console.error(line);
const startedAt = new Date().toISOString();
const verdicts: Verdict[] = [];
const figures: Record<string, Figures> = {};
let running: Services | undefined;

/** Services of their own for a part, so that none finds what another one left behind. */
async function against<T>(settings: Parameters<typeof startServices>[0], part: (services: Services) => Promise<T>): Promise<T> {
  running = await startServices(settings);
  try {
    return await part(running);
  } finally {
    await running.stop();
    running = undefined;
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void (running?.stop() ?? Promise.resolve()).finally(() => process.exit(1)));
}

try {
  if (parts.includes('fuzz')) {
    const cache = join(root, '.cache', 'hostile');
    say('Starting all services');
    verdicts.push(...(await against({ root }, (services) => fuzz(services, { tool, cache, short, seed, names, say }))));
  }
  if (parts.includes('attacks')) {
    say('Starting report-intake and a team for the attacks');
    const settings = { RINGSIDE_LOG_LEVEL: 'debug' };
    const fought = await against({ root, only: ['report-intake', 'cheating-team'], settings }, (services) =>
      runAttacks(services, { short, say }),
    );
    verdicts.push(...fought.verdicts);
    figures['attacks'] = fought.figures;
  }
  if (parts.includes('overload')) {
    say('Starting report-intake for the overload');
    const borne = await against({ root, only: ['report-intake'] }, (services) => overload(services, { short, say }));
    verdicts.push(...borne.verdicts);
    figures['overload'] = borne.figures;
  }
  const report = { short, startedAt, node: process.version, verdicts, figures };
  console.log(tableOf(verdicts));
  console.log(summaryOf(report));
  if (options.json !== undefined) await writeReport(options.json, report);
  if (options.record)
    say(`Kept for docs/promises.md: ${recordRun(report, `npm run hostile -- ${short ? '--short ' : ''}--seed ${seed}`)}`);
  process.exitCode = verdicts.some(({ faults }) => faults.length > 0) ? 1 : 0;
} catch (error) {
  console.error(error instanceof StartupError ? error.message : error);
  process.exitCode = 1;
}
