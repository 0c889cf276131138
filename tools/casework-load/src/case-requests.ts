import type { Random } from '@ringside/random';

import type { CaseOperation, Given, Input, Output } from './case-model.js';

/** As in the API: a case's version counts the steps of its stream above this, and events about its reports below. */
const revisionsPerStep = 2 ** 20;
export const streamVersionOf = (version: number): number => Math.floor(version / revisionsPerStep);

const answerMsMax = 15_000;

/** What everybody shares: the cases, where to send commands, and what came of them. */
export interface Desk {
  readonly caseIds: readonly string[];
  /** Ids by case, in the order of their filing. More may be filed meanwhile. */
  readonly reportIds: ReadonlyMap<string, readonly string[]>;
  /** Of the instances of the team's service; any of them may be away. */
  readonly urls: readonly string[];
  readonly subs: readonly string[];
  /** How long somebody thinks before a command, at most, in ms. */
  readonly thinkingMsMax: number;
  readonly history: CaseOperation[];
  /** Answers that no client may get, whatever happens. */
  readonly unheardOf: string[];
}

export interface Worker {
  readonly sub: string;
  readonly isLead: boolean;
  readonly token: string;
  readonly random: Random;
}

/** A case as somebody saw it. */
export interface Seen {
  readonly version: number;
  readonly reportCount: number;
  readonly claim: { readonly by: string } | null;
  readonly heldSince: string | null;
  readonly decisions: readonly { readonly decisionId: string; readonly state: string }[];
}

export interface Sending {
  readonly given: Given;
  /** What is named in If-Match. */
  readonly version: number;
}

/** Sends a command once. Answers with the version that it led to, undefined where it was refused. */
export async function sendOnce(
  desk: Desk,
  worker: Worker,
  { given, version }: Sending,
): Promise<number | 'unknown' | undefined> {
  const { caseId, key, asked } = given;
  const [path, body] = requestOf(desk, given);
  const headers = { 'idempotency-key': key, 'if-match': `"${version}"` };
  const told = await ask(
    desk,
    worker,
    { method: 'POST', path, body, headers, input: { what: 'command', ...given } },
    (answer) => {
      if (answer.status === 200) return { said: 'accepted', version: streamVersionOf(answer.body.version!) };
      if (answer.status === 412) return { said: 'stale', version: streamVersionOf(answer.body.version!) };
      const refused = answer.body.type === 'urn:ringside:problem:wrong_state' || asked.kind === 'assemble-evidence';
      return refused && (answer.status === 409 || answer.status === 422) ? { said: 'refused' } : undefined;
    },
  );
  if (told === undefined) return 'unknown';
  if (told.status !== 200) return undefined;
  const led = told.body.version!;
  if (asked.kind === 'decide' && told.body.decisionId !== `${caseId}.${streamVersionOf(led)}`) {
    desk.unheardOf.push(`${key}: version ${led} with decision ${told.body.decisionId}`);
  }
  if (worker.random.chance(0.1)) await readOwn(desk, worker, caseId, led);
  return led;
}

function requestOf(desk: Desk, { caseId, key, asked }: Given): readonly [path: string, body: object] {
  const path = `/v1/cases/${caseId}/${asked.kind}`;
  const reason = `For the sake of ${key}.`;
  switch (asked.kind) {
    case 'note':
      return [path, { text: reason }];
    case 'hold':
    case 'escalate':
      return [path, { reason }];
    case 'hand-over':
      return [path, { to: asked.to, reason }];
    case 'assemble-evidence':
      return [path, { reportIds: [desk.reportIds.get(caseId)![asked.report]!] }];
    case 'decide':
      return [
        path,
        asked.uphold
          ? { verdict: 'uphold', clause: 'fair-play/2.1', facts: reason, sanctions: [{ kind: 'suspend', durationHours: 24 }] }
          : { verdict: 'dismiss', facts: reason },
      ];
    case 'revert':
      return [`/v1/decisions/${asked.decisionId}/revert`, { reason }];
    default:
      return [path, {}];
  }
}

interface Answer {
  readonly status: number;
  readonly body: Partial<Seen> & { readonly type?: string; readonly state?: string; readonly decisionId?: string };
}

interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  /** What goes into the history; nothing does without it, for views are behind by design. */
  readonly input?: Input;
}

/** Asks any of the instances. Undefined where there was no answer, or one that says that it will be there later. */
async function ask(
  { urls, history, unheardOf }: Desk,
  { token, random }: Worker,
  { method, path, body, headers, input }: Request,
  meaning: (answer: Answer) => Output | undefined | 'any',
): Promise<Answer | undefined> {
  const invokedAt = performance.now();
  const answer = await answerOf(`${random.pick(urls)}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(answerMsMax),
  });
  const at = performance.now();
  const output = answer && meaning(answer);
  if (answer !== undefined && output === undefined) {
    unheardOf.push(
      `${method} ${path} ${JSON.stringify({ ...headers, ...body })}: ${answer.status} ${JSON.stringify(answer.body)}`,
    );
  }
  if (input !== undefined) {
    const known = output === undefined || output === 'any' ? undefined : { at, output };
    history.push({ key: input.caseId, input, invokedAt, answer: known });
  }
  return answer;
}

async function answerOf(url: string, init: RequestInit): Promise<Answer | undefined> {
  try {
    const response = await fetch(url, init);
    const body = (await response.json()) as Answer['body'];
    return response.status === 503 ? undefined : { status: response.status, body };
  } catch {
    return undefined; // nobody listens, or who did is no more
  }
}

export async function look(desk: Desk, worker: Worker, caseId: string): Promise<Seen | undefined> {
  const answer = await ask(desk, worker, { method: 'GET', path: `/v1/cases/${caseId}` }, ({ status }) =>
    status === 200 ? 'any' : undefined,
  );
  return answer?.status === 200 ? (answer.body as Seen) : undefined;
}

/** A query that names a version shows it, or says that it has to be asked again. */
async function readOwn(desk: Desk, worker: Worker, caseId: string, minVersion: number): Promise<void> {
  const path = `/v1/cases/${caseId}?minVersion=${minVersion}`;
  await ask(desk, worker, { method: 'GET', path }, ({ status, body }) =>
    status === 202 || (status === 200 && body.version! >= minVersion) ? 'any' : undefined,
  );
}

export async function lookAtDecision(desk: Desk, worker: Worker, caseId: string, { decisions }: Seen): Promise<void> {
  if (decisions.length === 0) return;
  const { decisionId } = worker.random.pick(decisions);
  const input: Input = { what: 'look', caseId, decisionId };
  await ask(desk, worker, { method: 'GET', path: `/v1/decisions/${decisionId}`, input }, ({ status, body }) => {
    if (status === 404) return { said: 'decision', inEffect: null };
    return status === 200 ? { said: 'decision', inEffect: body.state === 'in_effect' } : undefined;
  });
}
