import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { StartupError } from '@ringside/core';
import { listenOnLoopback, namesLoopback, readBody, sendJson } from '@ringside/loopback-server';
import { issuerPage } from './issuer-page.js';
import { readyPeople } from './people.js';
import { keySetUrl, openSigningKey } from './signing-key.js';
import { signToken } from './sign-token.js';
import { readTokenRequest, type TokenRequest } from './token-request.js';

export interface IssuerOptions {
  /** Where its key is kept. */
  readonly directory: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** Of the whole workspace: those whom the ready people belong to. */
  readonly teams: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

export interface Issuer {
  readonly url: string;
  /** What makes services take its tokens. */
  readonly serviceEnv: Readonly<Record<string, string>>;
  /** The same for services that cannot reach it, such as those in containers: with the keys themselves. */
  readonly settingsWithKeys: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const audienceUsual = 'ringside';
/** A working day. */
const tokenSeconds = 8 * 3_600;
const bodyBytesMax = 16_384;

/**
 * Gives a token to whoever asks, under any name: for development alone, on the loopback interface alone. Throws `StartupError`
 * in production.
 */
export async function startIssuer({ directory, port, teams, env }: IssuerOptions): Promise<Issuer> {
  for (const variable of ['NODE_ENV', 'RINGSIDE_ENV']) {
    if (env[variable] !== 'production') continue;
    throw new StartupError(
      `The development issuer gives tokens to anybody, and is refused where ${variable} is production: ` +
        'set RINGSIDE_AUTH_JWKS and RINGSIDE_AUTH_ISSUER to an issuer of your own.',
    );
  }
  const key = await openSigningKey(directory);
  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()));
  const { url, close } = await listenOnLoopback(server, port);
  const tokenFor = ({ audience = audienceUsual, ...person }: TokenRequest): Promise<string> =>
    signToken(key, person, { issuer: url, audience, seconds: tokenSeconds });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!namesLoopback(request)) return sendJson(response, 421, { detail: `Ask ${url}.` });
    const route = `${request.method} ${request.url?.split('?', 1)[0]}`;
    if (route === 'GET /.well-known/jwks.json') return sendJson(response, 200, key.keySet);
    if (route === 'POST /token') return giveToken(request, response);
    if (route === 'GET /') return sendPage(response);
    sendJson(response, 404, { detail: 'There are GET /, POST /token and GET /.well-known/jwks.json.' });
  }

  async function giveToken(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await readBody(request, bodyBytesMax);
    const person = text === undefined ? 'The body is too large.' : readTokenRequest(text, teams);
    if (typeof person === 'string') return sendJson(response, 400, { detail: person });
    sendJson(response, 200, { access_token: await tokenFor(person), token_type: 'Bearer', expires_in: tokenSeconds });
  }

  async function sendPage(response: ServerResponse): Promise<void> {
    const people = await Promise.all(readyPeople(teams).map(async (person) => ({ ...person, token: await tokenFor(person) })));
    response
      .writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
        'cache-control': 'no-store',
      })
      .end(issuerPage(url, people));
  }

  const serviceEnv = {
    RINGSIDE_ENV: 'development',
    RINGSIDE_AUTH_JWKS: `${url}/.well-known/jwks.json`,
    RINGSIDE_AUTH_ISSUER: url,
    RINGSIDE_AUTH_AUDIENCE: audienceUsual,
  };
  return { url, serviceEnv, settingsWithKeys: { ...serviceEnv, RINGSIDE_AUTH_JWKS: keySetUrl(key) }, close };
}
