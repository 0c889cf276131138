import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import { readAnswers, type Answer } from './read-answers.js';

/** What a connection brought, whoever ended it. */
export interface Exchange {
  readonly answers: readonly Answer[];
  /** `open`: nobody had ended it when its time was over. */
  readonly end: 'closed' | 'reset' | 'open';
  /** What came and is no answer. */
  readonly rest: Buffer;
  readonly ms: number;
}

export interface TalkOptions {
  /** Bytes to send, and pauses in ms between them. */
  readonly send: readonly (string | Buffer | number)[];
  /** Ends once so many answers are there; when the server ends the connection where absent. */
  readonly answers?: number;
  readonly msMax?: number;
  /** The methods of the requests, where one of them is HEAD or CONNECT. */
  readonly bodiless?: boolean;
  /** Half-closes the connection once all is sent. */
  readonly end?: boolean;
  /** Never reads what comes. */
  readonly deaf?: boolean;
}

/** Says something over a connection of its own, and hears what comes back. Never throws for what the server does. */
export async function talk(
  port: number,
  { send, answers, msMax = 8_000, bodiless, end = false, deaf = false }: TalkOptions,
): Promise<Exchange> {
  const began = performance.now();
  const socket = await open(port);
  const chunks: Buffer[] = [];
  let over: Exchange['end'] = 'open';
  let heard: ReturnType<typeof readAnswers> = { answers: [], rest: Buffer.alloc(0) };
  const enough = new Promise<void>((resolve) => {
    if (!deaf) {
      socket.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        heard = readAnswers(Buffer.concat(chunks), bodiless);
        if (answers !== undefined && heard.answers.length >= answers) resolve();
      });
    }
    socket.once('end', () => {
      over = 'closed';
      resolve();
    });
    socket.once('error', () => {
      over = over === 'closed' ? 'closed' : 'reset';
      resolve();
    });
  });
  const gaveUp = new AbortController();
  const late = pause(msMax, undefined, { signal: gaveUp.signal }).catch(() => undefined);
  await Promise.race([sendAll(socket, send, end).then(() => enough), enough, late]);
  gaveUp.abort();
  socket.destroy();
  return { ...heard, end: over, ms: performance.now() - began };
}

/** A connection that is there; errors on it go to whoever listens. */
export async function open(port: number): Promise<Socket> {
  const socket = createConnection({ port, host: '127.0.0.1', noDelay: true });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

async function sendAll(socket: Socket, send: TalkOptions['send'], end: boolean): Promise<void> {
  for (const part of send) {
    if (socket.destroyed) return;
    if (typeof part === 'number') await pause(part);
    else if (!socket.write(part, typeof part === 'string' ? 'latin1' : undefined)) await drained(socket);
  }
  if (end) socket.end();
}

const drained = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.once('drain', resolve).once('close', resolve);
  });

/** A request as it goes over the wire. `headers` as they are, in their order; the Host is there unless they have one. */
export function request(
  line: string,
  {
    headers = [],
    body = '',
    host = true,
  }: { readonly headers?: readonly string[]; readonly body?: string | Buffer; readonly host?: boolean } = {},
): Buffer {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const own = [
    ...(host ? ['Host: intake.example'] : []),
    ...(bytes.length > 0 && !headers.some((one) => /^(content-length|transfer-encoding):/i.test(one))
      ? [`Content-Length: ${bytes.length}`]
      : []),
  ];
  const head = [`${line} HTTP/1.1`, ...own, ...headers, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), bytes]);
}

const json = 'Content-Type: application/json';

/** A report as a game sends it. */
export const report = (body: string | Buffer, headers: readonly string[] = []): Buffer =>
  request('POST /v1/reports', { headers: [json, ...headers], body });
