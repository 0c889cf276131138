import { caseIdOf } from '@ringside/casework';
import { decodeEvent, type CaseEvent } from '@ringside/events';
import { aReport, openTestRing, type Answer, type TestRequest, type TestRing } from '@ringside/testing';

import { rules, workingService } from './working-team.fixture.js';

export interface Problem {
  readonly type: string;
  readonly detail: string;
  readonly version?: number;
  readonly homeRegion?: string;
  readonly errors?: readonly { readonly pointer?: string; readonly header?: string; readonly detail: string }[];
}

export interface Taken {
  readonly version: number;
  readonly decisionId: string;
  readonly pendingApproval: boolean;
}

/** The working team's service, and clients who know no more of it than its API. */
export interface WorkingRing {
  readonly ring: TestRing;
  readonly clock: { now: number };
  /** A case about this player with so many reports; answers with its id. */
  newCase(subjectId: string, reports?: number): Promise<string>;
  /** Reads its version, and sends what is given: without `version`, the one it has now. */
  command<Body = Taken>(path: string, body: object | undefined, how?: How): Promise<Answer<Body>>;
  get<Body>(path: string, as?: TestRequest['as']): Promise<Answer<Body>>;
  versionOf(caseId: string): Promise<number>;
  /** What was published on the topic `cases`, in the order of the case's stream. */
  published(caseId: string): Promise<readonly CaseEvent[]>;
  close(): Promise<void>;
}

export interface How {
  readonly as?: TestRequest['as'];
  readonly ifMatch?: number | string | null;
  readonly key?: string;
}

export const person = (sub: string, ...roles: string[]) => ({ sub, teams: [rules.team], roles });
export const casey = person('casey', 'case_worker');

export async function openWorkingRing(): Promise<WorkingRing> {
  const clock = { now: Date.UTC(2026, 0, 31, 13) };
  const ring = await openTestRing([workingService], { clock: () => clock.now });
  const get = <Body>(path: string, as?: TestRequest['as']): Promise<Answer<Body>> =>
    ring.request<Body>(workingService.name, path, as === undefined ? {} : { as });
  return {
    ring,
    clock,
    async newCase(subjectId, reports = 1) {
      await ring.publish(...Array.from({ length: reports }, (_, i) => aReport({ subjectId, reporterId: `reporter-${i}` })));
      await ring.settle();
      return caseIdOf(rules.team, 'stormfall', subjectId);
    },
    command<Body>(path: string, body: object | undefined, { as = casey, ifMatch, key }: How = {}) {
      const headers = {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(ifMatch == null ? {} : { 'if-match': typeof ifMatch === 'number' ? `"${ifMatch}"` : ifMatch }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      };
      const init = { method: 'POST', headers, as, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
      return ring.request<Body>(workingService.name, path, init);
    },
    get,
    versionOf: async (caseId) => (await get<{ version: number }>(`/v1/cases/${caseId}`)).body.version,
    published: (caseId) => publishedOf(ring, caseId),
    close: () => ring.close(),
  };
}

async function publishedOf({ log }: TestRing, caseId: string): Promise<readonly CaseEvent[]> {
  const events: CaseEvent[] = [];
  for (const { partition } of await log.heads('cases')) {
    for await (const { bytes } of log.read({ topic: 'cases', partition })) {
      const decoded = decodeEvent(bytes);
      if (decoded.ok && (decoded.value as CaseEvent).data.caseId === caseId) events.push(decoded.value as CaseEvent);
    }
  }
  return events;
}
