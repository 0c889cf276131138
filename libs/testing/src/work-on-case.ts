import type { Person } from '@ringside/issuer';

import type { Answer, TestRing } from './test-ring.js';

export interface WorkOnCase {
  /** The service of the team whose case it is. */
  readonly service: string;
  readonly caseId: string;
  readonly as: Partial<Person>;
  /** The version of the case that they saw; 1 where nothing is said, as with a first report. */
  readonly version?: number;
}

/** What a service answers to a command that it took. */
export interface Taken {
  readonly version: number;
  readonly decisionId: string;
  readonly pendingApproval: boolean;
}

export interface CommandTerms {
  /** Somebody else who gives this one command. */
  readonly as?: Partial<Person>;
  readonly idempotencyKey?: string;
}

export interface CaseAtWork {
  /** Gives a command on the case, as `claim`; the version is what the last one that was taken led to. */
  command<Body = Taken>(name: string, body: object, terms?: CommandTerms): Promise<Answer<Body>>;
  /** The same under a path of its own, as one on a decision of the case has. */
  send<Body = Taken>(path: string, body: object, terms?: CommandTerms): Promise<Answer<Body>>;
  get<Body>(path: string): Promise<Answer<Body>>;
  /** They read the case again: from here on they go by this version. */
  saw(version: number): void;
}

/** Somebody works on a case over HTTP, and goes on from each answer. */
export function workOnCase(ring: TestRing, { service, caseId, as, version = 1 }: WorkOnCase): CaseAtWork {
  let seen = version;
  const work: CaseAtWork = {
    command: (name, body, terms) => work.send(`/v1/cases/${caseId}/${name}`, body, terms),
    async send<Body>(path: string, body: object, { as: other = as, idempotencyKey }: CommandTerms = {}) {
      const headers = {
        ...{ 'content-type': 'application/json', 'if-match': `"${seen}"` },
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      };
      const init = { method: 'POST', headers, as: other, body: JSON.stringify(body) };
      const answer = await ring.request<Body>(service, path, init);
      if (answer.status === 200) seen = (answer.body as Taken).version;
      return answer;
    },
    get: (path) => ring.request(service, path, { as }),
    saw: (now) => void (seen = now),
  };
  return work;
}
