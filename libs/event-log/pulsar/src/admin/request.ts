import { CodedError, UnavailableError } from '@ringside/core';

export interface AdminRequest {
  readonly method?: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** JSON. */
  readonly body?: string;
  /** 10,000 where absent. */
  readonly msMax?: number;
}

export interface AdminAnswer {
  /** 2xx, 404 or 409: the two mean what the path makes them mean, everything else is an error. */
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** `path` begins behind `/admin/v2/`; its parts are encoded. */
export type AdminCall = (path: string, request?: AdminRequest) => Promise<AdminAnswer>;

/** Pulsar's admin API refused a call, and will again: it is not allowed, or not understood. */
export class PulsarAdminError extends CodedError {
  readonly code = 'pulsar_admin';

  constructor(
    readonly call: string,
    readonly status: number,
    reason: string,
  ) {
    super(
      status === 401 || status === 403
        ? `Pulsar does not allow ${call} (${status}): look at the token and at what its role may do. ${reason}`
        : `Pulsar refused ${call} (${status}): ${reason}`,
    );
  }
}

/** The role of the token may not do this. Pulsar says 401 for some of that, and 403 for the rest. */
export const isForbidden = (error: unknown): boolean =>
  error instanceof PulsarAdminError && (error.status === 401 || error.status === 403);

export interface AdminEndpoint {
  /** Origin, without a path. */
  readonly adminUrl: string;
  readonly token: () => Promise<string | undefined>;
}

const answerMsMax = 10_000;
const redirectsMax = 5;

/** Calls the admin REST API. Throws `UnavailableError` where trying again may help, else {@link PulsarAdminError}. */
export function createAdminCall({ adminUrl, token }: AdminEndpoint): AdminCall {
  return async (path, request = {}) => {
    const call = `${request.method ?? 'GET'} /admin/v2/${path}`;
    const signal = AbortSignal.timeout(request.msMax ?? answerMsMax);
    let url = new URL(`/admin/v2/${path}`, adminUrl);
    for (let redirects = 0; ; redirects++) {
      const answer = await ask(url, request, await token(), signal, call);
      const location = answer.headers.get('location');
      if (answer.status < 300 || answer.status >= 400 || location === null) return understood(call, answer);
      // The broker that owns the topic. `fetch` would leave the token behind on the way to another host.
      const next = new URL(location, url);
      if (redirects === redirectsMax || (url.protocol === 'https:' && next.protocol !== 'https:')) {
        throw new UnavailableError('event-log', `Pulsar sent ${call} on to ${next.origin} and was not followed.`);
      }
      url = next;
    }
  };
}

async function ask(...[url, request, token, signal, call]: [URL, AdminRequest, string | undefined, AbortSignal, string]) {
  const headers: Record<string, string> = {};
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  if (request.body !== undefined) headers['content-type'] = 'application/json';
  try {
    const { method = 'GET', body = null } = request;
    const response = await fetch(url, { method, body, headers, signal, redirect: 'manual' });
    return { status: response.status, headers: response.headers, text: await response.text() };
  } catch (error) {
    throw new UnavailableError('event-log', `Pulsar did not answer ${call} at ${url.origin}: ${reasonOf(error)}.`, {
      cause: error,
    });
  }
}

function understood(call: string, answer: AdminAnswer): AdminAnswer {
  const { status, text } = answer;
  if ((status >= 200 && status < 300) || status === 404 || status === 409) return answer;
  // 412: the topic is just being moved; 429: slower.
  if (status >= 500 || status === 412 || status === 429) {
    throw new UnavailableError('event-log', `Pulsar could not do ${call} (${status}): ${refusalOf(text)}`);
  }
  throw new PulsarAdminError(call, status, refusalOf(text));
}

/** Throws {@link PulsarAdminError} for the 404 that this call is not made to meet. */
export function found(path: string, answer: { readonly status: number; readonly text: string }): string {
  if (answer.status === 404 || answer.status === 409) throw new PulsarAdminError(path, answer.status, refusalOf(answer.text));
  return answer.text;
}

/** Pulsar's `{"reason": "..."}`, the title of a page, or the beginning of whatever else came. */
export function refusalOf(text: string): string {
  try {
    const { reason } = JSON.parse(text) as { reason?: unknown };
    if (typeof reason === 'string') return reason.split('\n', 1)[0]!;
  } catch {
    // not JSON: a page of the web server or of a proxy
  }
  return (/<title>([^<]*)/.exec(text)?.[1] ?? text).split('\n', 1)[0]!.slice(0, 200);
}

function reasonOf(error: unknown): string {
  const { name, message, cause } = error as Error & { cause?: { code?: string } };
  if (name === 'TimeoutError') return 'no answer in time';
  return cause?.code ?? message;
}
