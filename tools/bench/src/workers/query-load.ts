import { caseIdOf } from '@ringside/casework';

import { reportsOf } from '../fill-log.js';
import { getRequest, openConnection, type HttpConnection } from '../http-connection.js';
import { queryKinds, type QueryInput, type QueryKind, type QueryResult } from '../rows/queries.js';
import { growingTeam } from '../rows/sites.js';
import { percentile } from '../statistics.js';
import { workerMain } from '../worker-process.js';

/** The default of the lists. */
const pageItems = 50;
/** Cases and players are those of so many reports, spread over all. */
const subjectsAsked = 500;

await workerMain(async (input: QueryInput): Promise<QueryResult> => {
  const url = new URL(input.url);
  const headers = { authorization: `Bearer ${input.token}` };
  const about = [...reportsOf({ seed: 11, reports: subjectsAsked, reasons: input.reasons, subjectsOf: input.reports })];
  const paths: Record<QueryKind, (index: number) => string> = {
    'no-op': () => '/health/live',
    'cases by priority': () => '/v1/cases?sort=priority',
    'oldest cases': () => '/v1/cases?sort=oldest',
    'newest cases': () => '/v1/cases?sort=newest',
    'one case': (index) => {
      const { game, subjectId } = about[index % about.length]!.data;
      return `/v1/cases/${caseIdOf(growingTeam, game, subjectId)}`;
    },
    dossier: (index) => `/v1/players/${about[index % about.length]!.data.subjectId}`,
  };
  const connection = await openConnection(url);
  const ask = (kind: QueryKind, index: number): Promise<number> =>
    timed(connection, kind, getRequest(url, paths[kind](index), headers));
  const took = new Map(queryKinds.map((kind): [QueryKind, number[]] => [kind, []]));
  for (let i = 0; i < input.warmUp; i++) for (const kind of queryKinds) await ask(kind, i);
  for (let i = 0; i < input.requests; i++) for (const kind of queryKinds) took.get(kind)!.push(await ask(kind, i));
  connection.close();
  const latencyOf = (all: readonly number[]) => ({ p50: percentile(all, 0.5), p99: percentile(all, 0.99) });
  return Object.fromEntries([...took].map(([kind, all]) => [kind, latencyOf(all)])) as QueryResult;
});

/** Answers with the milliseconds that it took; looks at the answer afterwards. */
async function timed(connection: HttpConnection, kind: QueryKind, request: Buffer): Promise<number> {
  const before = performance.now();
  const { status, body } = await connection.send(request);
  const ms = performance.now() - before;
  if (status !== 200) throw new Error(`${kind} was answered ${status}: ${body}`);
  if (kind.endsWith('cases') || kind === 'cases by priority') {
    const { items } = JSON.parse(body) as { readonly items: readonly unknown[] };
    if (items.length !== pageItems) throw new Error(`${kind}: ${items.length} cases instead of ${pageItems}.`);
  }
  return ms;
}
