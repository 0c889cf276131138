import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const host = '127.0.0.1';

export interface LoopbackServer {
  /** Without a slash at the end. */
  readonly url: string;
  /** Ends connections that are open, too. */
  close(): Promise<void>;
}

/** Listens on the loopback interface alone; port 0 takes any free one. Rejects with what the operating system says of the port. */
export async function listenOnLoopback(server: Server, port: number): Promise<LoopbackServer> {
  server.listen(port, host);
  await once(server, 'listening');
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/**
 * Whether a request names this machine. A web page that has its own name point here would be the same origin: it could send its
 * reader's browser here, and read what that gets.
 */
export function namesLoopback(request: IncomingMessage): boolean {
  const { hostname } = new URL(`http://${request.headers.host ?? 'none'}`);
  return hostname === host || hostname === 'localhost';
}

/** Whether the body is said to be JSON. A form of some other page cannot send this type without asking first. */
export const saysJson = (request: IncomingMessage): boolean =>
  /^application\/json\b/.test(request.headers['content-type'] ?? '');

/** Undefined for a body of more bytes than that. */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

export function sendJson(response: ServerResponse, status: number, body: object): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(`${JSON.stringify(body)}\n`);
}
