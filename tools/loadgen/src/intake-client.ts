import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { ReasonOption } from '@ringside/events';
import { Pool, type Dispatcher } from 'undici';
import type { GeneratedReport } from './generate-reports.js';

/** What became of a report. */
export type Outcome =
  /** It got its 202. `latencyMs` is that of the attempt that was answered; `acceptedAt` is on the clock of `performance.now()`. */
  | { readonly kind: 'accepted'; readonly reportId: string; readonly latencyMs: number; readonly acceptedAt: number }
  /** The service said that it takes it not, and why: the code of its problem document. */
  | { readonly kind: 'refused'; readonly problem: string }
  /** No answer that settles it: it may be stored or not. */
  | { readonly kind: 'unknown'; readonly because: string };

export interface IntakeClientOptions {
  readonly url: string;
  readonly connections: number;
  /** With a key, an attempt whose outcome is unknown is made again; without, only one that surely was not taken. */
  readonly idempotency: boolean;
  /** How long attempts are made for one request, in ms. */
  readonly deadlineMs: number;
  /** Ends the attempts; the one under way is finished. */
  readonly signal: AbortSignal;
  readonly onRetry?: (because: string) => void;
}

/** Several reports go as one batch, one goes on its own. */
export interface IntakeClient {
  submit(reports: readonly GeneratedReport[]): Promise<readonly Outcome[]>;
  close(): Promise<void>;
}

/** An attempt that settles nothing. */
interface Unsettled {
  readonly because: string;
  /** Whether the service can have stored it all the same. */
  readonly mayBeStored: boolean;
  readonly retryAfterMs?: number;
}

type Attempt = { readonly settled: readonly Outcome[] } | { readonly unsettled: Unsettled };

const answerMsMax = 10_000;
const backoffMsMin = 20;
const backoffMsMax = 1_000;

export function createIntakeClient(options: IntakeClientOptions): IntakeClient {
  const { url, connections } = options;
  const timeouts = { headersTimeout: answerMsMax, bodyTimeout: answerMsMax, connect: { timeout: 2_000 } };
  const pool = new Pool(url, { connections, pipelining: 1, ...timeouts });
  setMaxListeners(0, options.signal); // every request that waits for its next attempt listens
  return {
    submit: (reports) => submit(pool, reports, options),
    close: () => pool.close(),
  };
}

/** The options of the report dialog. Throws a sentence where nobody answers. */
export async function reasonsOffered(url: string): Promise<readonly ReasonOption[]> {
  const pool = new Pool(url, { connections: 1, headersTimeout: answerMsMax, connect: { timeout: 2_000 } });
  try {
    const { statusCode, body } = await pool.request({ method: 'GET', path: '/v1/report-reasons' });
    if (statusCode === 200) return (await body.json()) as readonly ReasonOption[];
    throw new Error(`it answered ${statusCode}`);
  } catch (error) {
    throw new Error(`No report-intake at ${url} (${codeOf(error)}): start Ringside with "npm start", or name it with --url.`, {
      cause: error,
    });
  } finally {
    await pool.destroy();
  }
}

async function submit(
  pool: Pool,
  reports: readonly GeneratedReport[],
  options: IntakeClientOptions,
): Promise<readonly Outcome[]> {
  const request = requestOf(reports, options.idempotency);
  const giveUpAt = performance.now() + options.deadlineMs;
  for (let backoffMs = backoffMsMin; ; backoffMs = Math.min(backoffMsMax, backoffMs * 2)) {
    const attempt = await tryOnce(pool, request, reports.length);
    if ('settled' in attempt) return attempt.settled;
    const { because, mayBeStored, retryAfterMs } = attempt.unsettled;
    const waitMs = (retryAfterMs ?? backoffMs) * (0.75 + Math.random() / 2); // so that those refused together do not come back together
    const again = (options.idempotency || !mayBeStored) && performance.now() + waitMs < giveUpAt && !options.signal.aborted;
    if (!again) return reports.map(() => ({ kind: 'unknown', because }));
    options.onRetry?.(because);
    await pause(waitMs, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

function requestOf(reports: readonly GeneratedReport[], idempotency: boolean): Dispatcher.RequestOptions {
  const batch = reports.length > 1;
  const lines = reports.map(({ form }) => JSON.stringify(form));
  return {
    method: 'POST',
    path: batch ? '/v1/reports:batch' : '/v1/reports',
    headers: {
      'content-type': batch ? 'application/x-ndjson' : 'application/json',
      ...(idempotency && { 'idempotency-key': batch ? `${reports[0]!.key}+${reports.length}` : reports[0]!.key }),
    },
    body: lines.join('\n'),
  };
}

async function tryOnce(pool: Pool, request: Dispatcher.RequestOptions, reports: number): Promise<Attempt> {
  const sentAt = performance.now();
  try {
    const { statusCode, headers, body } = await pool.request(request);
    const text = await body.text();
    const answeredAt = performance.now();
    const times = { latencyMs: answeredAt - sentAt, acceptedAt: answeredAt };
    if (statusCode === 200) return settledLines(text, reports, times);
    if (statusCode === 202) return { settled: [{ kind: 'accepted', ...(JSON.parse(text) as { reportId: string }), ...times }] };
    const problem = problemCode(text) ?? `http_${statusCode}`;
    if (statusCode < 500 && statusCode !== 429) return { settled: Array(reports).fill({ kind: 'refused', problem }) };
    if (statusCode !== 429 && statusCode !== 503)
      return { settled: Array(reports).fill({ kind: 'unknown', because: problem }) };
    const retryAfterMs = Number(headers['retry-after']) * 1_000 || undefined;
    const mayBeStored = statusCode === 503 && problem !== 'overloaded';
    return { unsettled: { because: problem, mayBeStored, ...(retryAfterMs !== undefined && { retryAfterMs }) } };
  } catch (error) {
    const because = codeOf(error);
    return { unsettled: { because, mayBeStored: because !== 'ECONNREFUSED' && because !== 'UND_ERR_CONNECT_TIMEOUT' } };
  }
}

/** The answer to a batch; settled once none of its lines is to be sent again. */
function settledLines(text: string, reports: number, times: { latencyMs: number; acceptedAt: number }): Attempt {
  const lines = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as BatchLine);
  const again = lines.find(({ status }) => status === 429 || status === 503);
  if (again !== undefined)
    return { unsettled: { because: codeOfProblem(again.type) ?? `http_${again.status}`, mayBeStored: true } };
  if (lines.length !== reports) return { settled: Array(reports).fill({ kind: 'unknown', because: 'short_batch_answer' }) };
  return { settled: lines.map((line) => outcomeOfLine(line, times)) };
}

function outcomeOfLine({ reportId, status, type }: BatchLine, times: { latencyMs: number; acceptedAt: number }): Outcome {
  if (reportId !== undefined) return { kind: 'accepted', reportId, ...times };
  const problem = codeOfProblem(type) ?? `http_${status}`;
  return status >= 500 ? { kind: 'unknown', because: problem } : { kind: 'refused', problem };
}

interface BatchLine {
  readonly status: number;
  readonly reportId?: string;
  readonly type?: string;
}

function problemCode(text: string): string | undefined {
  try {
    return codeOfProblem((JSON.parse(text) as { type?: string }).type);
  } catch {
    return undefined;
  }
}

const codeOfProblem = (type: string | undefined): string | undefined => type?.split(':').at(-1);

export function codeOf(error: unknown): string {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return typeof code === 'string' ? code : String(message ?? error);
}
