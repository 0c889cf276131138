import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { StartupError } from '@ringside/core';
import { listenOnLoopback, namesLoopback, readBody, saysJson, sendJson } from '@ringside/loopback-server';

import type { Link, LinkStatus } from './link.js';
import { metricsText } from './metrics-text.js';
import type { Replicator } from './replicator.js';

export interface ControlServer {
  close(): Promise<void>;
}

const bodyBytesMax = 1_024;
/** An hour. */
export const delayMsMax = 3_600_000;

/**
 * Shows the links of a replicator and changes them, for people and tests of this machine: it asks nobody who they are, so it
 * listens on the loopback interface alone. Throws `StartupError` where the port is in use.
 */
export async function serveControl(replicator: Replicator, port: number): Promise<ControlServer> {
  const server = createServer(
    (request, response) => void answer(replicator, request, response).catch(() => response.destroy()),
  );
  try {
    return await listenOnLoopback(server, port);
  } catch (error) {
    throw new StartupError(`Port ${port}, for the replicator, cannot be used (${(error as Error).message}).`, { cause: error });
  }
}

async function answer(replicator: Replicator, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!namesLoopback(request)) return sendJson(response, 421, { detail: 'Ask 127.0.0.1.' });
  const path = request.url!.split('?', 1)[0]!;
  const named = /^\/links\/([a-z0-9-]+)\/([a-z0-9-]+)$/.exec(path);
  if (request.method === 'POST' && named !== null) return change(replicator, [named[1]!, named[2]!], request, response);
  if (request.method !== 'GET') return sendJson(response, 404, { detail: 'Change a link with POST /links/{from}/{to}.' });
  if (path === '/links') return sendJson(response, 200, { links: await replicator.status() });
  if (path === '/metrics') return sendText(response, metricsText(await replicator.status()));
  if (path === '/health/live' || path === '/health/ready') return sendJson(response, 200, { status: 'up' });
  sendJson(response, 404, { detail: 'There are GET /links, POST /links/{from}/{to}, GET /metrics and GET /health/ready.' });
}

async function change(
  replicator: Replicator,
  [from, to]: readonly [string, string],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const link = replicator.links.find((one) => one.from === from && one.to === to);
  if (link === undefined) {
    const known = replicator.links.map((one) => `${one.from} to ${one.to}`).join(', ');
    return sendJson(response, 404, { detail: `There is no link from "${from}" to "${to}". There are: ${known}.` });
  }
  if (!saysJson(request)) return sendJson(response, 415, { detail: 'Send JSON.' });
  const wish = readWish(await readBody(request, bodyBytesMax));
  if (typeof wish === 'string') return sendJson(response, 400, { detail: wish });
  sendJson(response, 200, await apply(link, wish));
}

interface Wish {
  readonly state?: 'cut' | 'healed';
  readonly delayMs?: number;
}

/** Or a sentence that says what is wrong with it. */
function readWish(text: string | undefined): Wish | string {
  const form = '{"state": "cut" or "healed", "delayMs": whole milliseconds}, or one of them';
  let wish: unknown;
  try {
    wish = JSON.parse(text ?? '');
  } catch {
    return `The body is not a small JSON document: send ${form}.`;
  }
  if (typeof wish !== 'object' || wish === null) return `Send ${form}.`;
  const { state, delayMs, ...others } = wish as Record<string, unknown>;
  if (Object.keys(others).length > 0) return `"${Object.keys(others)[0]!}" is not known: send ${form}.`;
  if (state === undefined && delayMs === undefined) return `Send ${form}.`;
  if (state !== undefined && state !== 'cut' && state !== 'healed') return '"state" must be "cut" or "healed".';
  if (delayMs !== undefined && !(Number.isInteger(delayMs) && Number(delayMs) >= 0 && Number(delayMs) <= delayMsMax)) {
    return `"delayMs" must be a whole number from 0 to ${delayMsMax}.`;
  }
  return wish;
}

async function apply(link: Link, { state, delayMs }: Wish): Promise<LinkStatus> {
  if (delayMs !== undefined) link.delay(delayMs);
  if (state === 'cut') await link.cut();
  if (state === 'healed') link.heal();
  return link.status();
}

function sendText(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text);
}
