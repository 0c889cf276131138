import { machineLine, writeRunRecord, type PromiseFigure } from '@ringside/promises';

import type { Report, Verdict } from './report.js';

const overloadPromises: Readonly<Record<string, string>> = {
  answers: 'Under ten times the load that a service can take, everybody gets an answer: taken, or put off with 429 or 503.',
  'what goes on': 'Under such a load the service goes on taking reports.',
  'latency of the accepted': 'What it takes under such a load, it takes in bounded time.',
  memory: 'Its memory stays bounded under such a load.',
  recovery: 'Once such a load is over, it is as fast as before.',
  durability: 'What it said it had taken under such a load is in the log.',
};

/** Keeps the figures of a whole run for docs/promises.md. Returns the path of the file. */
export function recordRun(report: Report, command: string): string {
  const { verdicts, startedAt } = report;
  const of = (part: Verdict['part']): readonly Verdict[] => verdicts.filter((verdict) => verdict.part === part);
  const figures = [...fuzzFigures(of('fuzz')), ...attackFigures(of('attacks')), ...of('overload').flatMap(overloadFigure)];
  const now = Date.now();
  return writeRunRecord({
    ...{ harness: 'hostile', command, at: new Date(now).toISOString(), machine: machineLine(), figures },
    seconds: Math.round((now - Date.parse(startedAt)) / 1_000),
  });
}

function fuzzFigures(verdicts: readonly Verdict[]): readonly PromiseFigure[] {
  return verdicts.map(({ name, sent, faults }) => ({
    promise: `Whatever is sent to ${name}, its answer is one that its OpenAPI document names.`,
    how: 'Schemathesis with all its checks on generates requests, valid and not, from the document.',
    aim: 'no fault',
    figure: `${sent}: ${faults.length === 0 ? 'no fault' : `${faults.length} faults`}`,
    kept: faults.length === 0,
  }));
}

function attackFigures(verdicts: readonly Verdict[]): readonly PromiseFigure[] {
  if (verdicts.length === 0) return [];
  const broken = verdicts.filter(({ faults }) => faults.length > 0);
  return [
    {
      promise: 'No client can harm a service or its other callers with what it sends, or does not send.',
      how:
        'Attacks over bare sockets: slow bodies, half-open and idle connections, bodies at and past each limit, compressed bombs, ' +
        'deep JSON, prototype keys, tricks with paths and headers; meanwhile another client must be served as before.',
      aim: 'all hold',
      figure: `${verdicts.length - broken.length} of ${verdicts.length} held`,
      kept: broken.length === 0,
    },
  ];
}

function overloadFigure({ name, sent, came, faults }: Verdict): readonly PromiseFigure[] {
  const promise = overloadPromises[name];
  if (promise === undefined) return [];
  const kept = faults.length === 0;
  return [{ promise, how: `${sent}.`, figure: kept ? came : `${came}; ${faults.join('; ')}`, kept }];
}
