import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { StartupError } from '@ringside/core';
import { interrupted } from './command-line.js';

export interface PlatformOptions {
  /** Of a platform service; that of the first region of `npm start` where undefined. */
  readonly url?: string;
  /** Of `npm start` on this machine, where it is not the default. */
  readonly portBase?: number;
  readonly token?: string;
  readonly tokenFile?: string;
  /** Of a development issuer, which gives a token to anybody. */
  readonly issuer?: string;
}

export interface PlatformAnswer<Body> {
  readonly status: number;
  readonly body: Body;
}

interface Problem {
  readonly detail?: string;
  /** Of a request that is not in order: where in it, and what is wrong there. */
  readonly errors?: readonly { readonly pointer?: string; readonly detail?: string }[];
}

const answerMsMax = 120_000;
const defaultPortBase = 3_000;
const portsPerRegion = 10;
const platformPortOffset = 4;
const issuerPortOffset = 9;
/** As many regions of one ring are looked behind, whose ports go by tens from the base: nobody runs more on one machine. */
const regionsMax = 5;
const onThisMachine = /^https?:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::(\d+))?(?:\/|$)/;
const issuerMsMax = 2_000;

/**
 * Where a development issuer may be: it is once in a ring, at the ports of the first region, and the service asked may be of any. The
 * nearest comes first, so that of two rings whose ports follow each other the right one is asked.
 */
export function issuersNear(url: string, portBase?: number): readonly string[] {
  const [found, port] = onThisMachine.exec(url) ?? [];
  if (found === undefined) return [];
  if (portBase !== undefined) return [`http://127.0.0.1:${portBase + issuerPortOffset}`];
  const own = Number(port ?? defaultPortBase + platformPortOffset) - platformPortOffset + issuerPortOffset;
  return Array.from({ length: regionsMax }, (_, region) => own - region * portsPerRegion)
    .filter((each) => each > 0 && each <= 65_535)
    .map((each) => `http://127.0.0.1:${each}`);
}

/** Asks a platform service. Throws `StartupError` with what it says where it does not do as it was asked. */
export async function askPlatform<Body>(options: PlatformOptions, path: string, body?: object): Promise<PlatformAnswer<Body>> {
  const { portBase } = options;
  const given = options.url ?? `http://127.0.0.1:${(portBase ?? defaultPortBase) + platformPortOffset}`;
  const url = given.replace(/\/+$/, '');
  const token = await tokenOf({ ...options, url });
  const answer = await send<Body & Problem>(`${url}${path}`, { token, body });
  if (answer.status < 300) return answer;
  const hint = answer.status === 401 ? ' Name a token by --token, --token-file or --issuer.' : '';
  const { detail = `${url} answers with status ${answer.status}.`, errors = [] } = answer.body;
  const lines = errors.map((error) => `\n  ${[error.pointer, error.detail].filter(Boolean).join(': ')}`);
  throw new StartupError(`${detail}${hint}${lines.join('')}`);
}

async function tokenOf({
  url,
  portBase,
  token,
  tokenFile,
  issuer,
}: PlatformOptions & { readonly url: string }): Promise<string | undefined> {
  if (token !== undefined) return token;
  if (tokenFile !== undefined) return (await readToken(tokenFile)).trim();
  const person = { sub: userInfo().username, teams: [], roles: ['platform'] };
  const ask = async (from: string, answerMs?: number): Promise<string | undefined> =>
    (await send<{ access_token?: string }>(`${from.replace(/\/+$/, '')}/token`, { body: person, answerMs })).body.access_token;
  if (issuer !== undefined) return ask(issuer);
  for (const near of issuersNear(url, portBase)) {
    const found = await ask(near, issuerMsMax).catch(() => undefined);
    if (found !== undefined) return found;
  }
  return undefined; // the service says what it wants
}

async function readToken(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new StartupError(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

interface Sent {
  readonly token?: string | undefined;
  readonly body?: object | undefined;
  readonly answerMs?: number | undefined;
}

async function send<Body>(address: string, { token, body, answerMs = answerMsMax }: Sent): Promise<PlatformAnswer<Body>> {
  try {
    const response = await fetch(address, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.any([interrupted, AbortSignal.timeout(answerMs)]),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return { status: response.status, body: (isJson ? JSON.parse(text) : {}) as Body };
  } catch (error) {
    const { cause, message } = error as Error;
    const reason = (cause as Error | undefined)?.message ?? message;
    throw new StartupError(`${address} cannot be reached: ${reason}`, { cause: error });
  }
}
