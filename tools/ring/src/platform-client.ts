import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { StartupError } from '@ringside/core';
import { interrupted } from './command-line.js';

export interface PlatformOptions {
  /** Of a platform service. */
  readonly url: string;
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
}

const answerMsMax = 120_000;
const developmentIssuer = 'http://127.0.0.1:3009';
const onThisMachine = /^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:|\/|$)/;

/** Asks a platform service. Throws `StartupError` with what it says where it does not do as it was asked. */
export async function askPlatform<Body>(options: PlatformOptions, path: string, body?: object): Promise<PlatformAnswer<Body>> {
  const url = options.url.replace(/\/+$/, '');
  const token = await tokenOf({ ...options, url });
  const answer = await send<Body & Problem>(`${url}${path}`, { token, body });
  if (answer.status < 300) return answer;
  const hint = answer.status === 401 ? ' Name a token by --token, --token-file or --issuer.' : '';
  throw new StartupError(`${answer.body.detail ?? `${url} answers with status ${answer.status}.`}${hint}`);
}

async function tokenOf({ url, token, tokenFile, issuer }: PlatformOptions): Promise<string | undefined> {
  if (token !== undefined) return token;
  if (tokenFile !== undefined) return (await readToken(tokenFile)).trim();
  const from = issuer ?? (onThisMachine.test(url) ? developmentIssuer : undefined);
  if (from === undefined) return undefined;
  const person = { sub: userInfo().username, teams: [], roles: ['platform'] };
  try {
    const { body } = await send<{ access_token?: string }>(`${from.replace(/\/+$/, '')}/token`, { body: person });
    return body.access_token;
  } catch (error) {
    if (issuer !== undefined) throw error;
    return undefined; // the service says what it wants
  }
}

async function readToken(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new StartupError(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

async function send<Body>(
  address: string,
  { token, body }: { readonly token?: string | undefined; readonly body?: object | undefined },
): Promise<PlatformAnswer<Body>> {
  try {
    const response = await fetch(address, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.any([interrupted, AbortSignal.timeout(answerMsMax)]),
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
