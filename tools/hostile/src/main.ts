import { join, resolve } from 'node:path';

import { StartupError } from '@ringside/core';
import { discoverServices } from '@ringside/service-processes';

import { runAttacks } from './attacks/run-attacks.js';
import { createEndings } from './endings.js';
import { fuzz } from './fuzz/fuzz.js';
import { readOptions } from './options.js';
import { overload } from './overload/overload.js';
import { recordRun } from './record.js';
import { hasHeld, summaryOf, tableOf, writeReport, type Figures, type Verdict } from './report.js';
import { startServices, type Services, type ServicesOptions } from './services.js';

const tool = resolve(import.meta.dirname, '..');
const root = resolve(tool, '../..');

const services = discoverServices(root);
const options = readOptions(
  process.argv,
  process.env,
  services.map(({ name }) => name),
);
const { short, parts, seed, services: names } = options;
const say = (line: string): void => console.error(line);
const startedAt = new Date().toISOString();
const verdicts: Verdict[] = [];
const figures: Record<string, Figures> = {};
const endings = createEndings();
const { signal } = endings;

/** Services of their own for a part, so that none finds what another one left behind. */
async function against<T>(
  started: Omit<ServicesOptions, 'root' | 'endings'>,
  part: (services: Services) => Promise<T>,
): Promise<T> {
  const running = await startServices({ root, endings, ...started });
  try {
    return await part(running);
  } finally {
    await running.stop();
  }
}

// Part of a run is neither judged nor kept: what has come by then is not shown.
for (const [name, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(name, () => void endings.endAll().finally(() => process.exit(code)));
}

try {
  if (parts.includes('fuzz')) {
    const cache = join(root, '.cache', 'hostile');
    say('Starting all services');
    verdicts.push(...(await against({}, (all) => fuzz(all, { tool, cache, short, seed, names, say, signal }))));
  }
  if (parts.includes('attacks')) {
    say('Starting report-intake and a team for the attacks');
    const settings = { RINGSIDE_LOG_LEVEL: 'debug' };
    const team = services.find((service) => service.team !== undefined);
    if (team === undefined) throw new StartupError('There is no team in this workspace for the attacks.');
    const fought = await against({ only: ['report-intake', team.name], settings }, (some) =>
      runAttacks(some, { short, say, signal }),
    );
    verdicts.push(...fought.verdicts);
    figures['attacks'] = fought.figures;
  }
  if (parts.includes('overload')) {
    say('Starting report-intake for the overload');
    const borne = await against({ only: ['report-intake'] }, (intake) => overload(intake, { short, say, signal }));
    verdicts.push(...borne.verdicts);
    figures['overload'] = borne.figures;
  }
  const report = { short, startedAt, node: process.version, verdicts, figures };
  console.log(tableOf(verdicts));
  console.log(summaryOf(report));
  if (options.json !== undefined) await writeReport(options.json, report);
  if (options.record) say(`Kept for docs/promises.md: ${recordRun(report, `npm run hostile -- --seed ${seed}`)}`);
  process.exitCode = hasHeld(verdicts) ? 0 : 1;
} catch (error) {
  process.exitCode = 1;
  // What fails since all is being ended tells nobody anything.
  if (!signal.aborted) console.error(error instanceof StartupError ? error.message : error);
}
