import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import { codeOf } from './intake-client.js';

/** What is read of a case. */
export interface CaseSeen {
  readonly caseId: string;
  readonly team: string;
  readonly game: string;
  readonly subjectId: string;
  readonly reportCount: number;
  readonly distinctReporters: number;
  readonly reasons: Readonly<Record<string, number>>;
}

/** What is read of a report in a case. */
export interface ReportSeen {
  readonly reportId: string;
  readonly reporterId: string;
  readonly reason: string;
  readonly firstReason: string;
  readonly occurredAt: string | null;
  readonly matchId: string | null;
  readonly hasEvidence: boolean;
  readonly active: boolean;
}

export interface EvidenceSeen {
  readonly reportId: string;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** A team's queries over HTTP. */
export interface TeamClient {
  readonly team: string;
  readonly url: string;
  casesAbout(playerId: string): Promise<readonly CaseSeen[]>;
  reportsOf(caseId: string): Promise<readonly ReportSeen[]>;
  evidenceOf(caseId: string): Promise<readonly EvidenceSeen[]>;
  /** Case ids of the open list, oldest first. */
  openCases(): AsyncIterable<string>;
  close(): Promise<void>;
}

export interface TeamClientOptions {
  readonly url: string;
  readonly connections: number;
  /** Of somebody who may read this team's cases. */
  readonly token?: string;
  /** How long a query is tried again while the service does not answer, in ms. */
  readonly patienceMs: number;
}

class NotAllowedError extends Error {}

/** Asks the service for its team's name. Throws a sentence where nobody answers. */
export async function createTeamClient(options: TeamClientOptions): Promise<TeamClient> {
  const { url, connections } = options;
  const pool = new Pool(url, { connections, pipelining: 1, headersTimeout: 10_000, connect: { timeout: 2_000 } });
  const get = <T>(path: string): Promise<T> => getJson<T>(pool, path, options);
  const team = await nameOfTeam(pool, options);
  return {
    team,
    url,
    casesAbout: async (playerId) => (await get<{ cases: CaseSeen[] }>(`/v1/players/${encodeURIComponent(playerId)}`)).cases,
    reportsOf: (caseId) => all(pages<ReportSeen>(get, `/v1/cases/${caseId}/reports`)),
    evidenceOf: (caseId) => all(pages<EvidenceSeen>(get, `/v1/cases/${caseId}/evidence`)),
    openCases: async function* () {
      for await (const { caseId } of pages<CaseSeen>(get, '/v1/cases?status=open&sort=oldest')) yield caseId;
    },
    close: () => pool.close(),
  };
}

async function nameOfTeam(pool: Pool, options: TeamClientOptions): Promise<string> {
  const { url } = options;
  try {
    return (await getJson<{ team: string }>(pool, '/v1/stats?hours=1', options)).team;
  } catch (error) {
    await pool.destroy();
    if (error instanceof NotAllowedError) throw new Error(`${url} takes another token (${error.message}).`, { cause: error });
    throw new Error(`No team at ${url} (${codeOf(error)}): start it, or name the teams that run with --team.`, {
      cause: error,
    });
  }
}

async function* pages<T>(get: <P>(path: string) => Promise<P>, list: string): AsyncGenerator<T> {
  const mark = list.includes('?') ? '&' : '?';
  for (let cursor: string | null = ''; cursor !== null;) {
    const from = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: Page<T> = await get<Page<T>>(`${list}${mark}limit=200${from}`);
    yield* page.items;
    cursor = page.nextCursor;
  }
}

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const detailOf = (problem: string): string => /"detail":"([^"]*?)\.?"/.exec(problem)?.[1] ?? 'it gives no reason';

/** A service that restarts, or is not ready, is asked again until the patience is over. */
async function getJson<T>(pool: Pool, path: string, { patienceMs, token }: TeamClientOptions): Promise<T> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const giveUpAt = performance.now() + patienceMs;
  for (let backoffMs = 20; ; backoffMs = Math.min(500, backoffMs * 2)) {
    let failure: unknown;
    try {
      const { statusCode, body } = await pool.request({ method: 'GET', path, headers });
      const text = await body.text();
      if (statusCode === 200) return JSON.parse(text) as T;
      if (statusCode === 401 || statusCode === 403) throw (failure = new NotAllowedError(detailOf(text)));
      failure = new Error(`${path} answered ${statusCode}: ${text.slice(0, 200)}`);
      if (statusCode !== 503 && statusCode !== 429) throw failure;
    } catch (error) {
      if (error === failure) throw error;
      failure = error;
    }
    if (performance.now() + backoffMs > giveUpAt) throw failure;
    await pause(backoffMs);
  }
}
