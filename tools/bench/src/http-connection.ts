import { connect, type Socket } from 'node:net';

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** One keep-alive connection that carries one request at a time: as little client as will do, for it shares the machine. */
export interface HttpConnection {
  send(request: Buffer): Promise<HttpAnswer>;
  /** False once the server has closed it, as it does with one that is not used for some seconds. */
  isOpen(): boolean;
  close(): void;
}

const headEnd = Buffer.from('\r\n\r\n');

export async function openConnection(url: URL): Promise<HttpConnection> {
  const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return connectionOver(socket);
}

function connectionOver(socket: Socket): HttpConnection {
  let received = Buffer.alloc(0);
  let waiting: { readonly resolve: (answer: HttpAnswer) => void; readonly reject: (error: Error) => void } | undefined;
  const fail = (error: Error): void => {
    waiting?.reject(error);
    waiting = undefined;
  };
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const answer = answerIn(received);
    if (answer === undefined) return;
    received = Buffer.alloc(0);
    const { resolve } = waiting!;
    waiting = undefined;
    resolve(answer);
  });
  socket.on('error', fail);
  let open = true;
  socket.on('end', () => (open = false));
  socket.on('close', () => {
    open = false;
    fail(new Error('The server closed the connection.'));
  });
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(request);
      }),
    isOpen: () => open,
    close: () => socket.destroy(),
  };
}

/** Undefined while there is more to come. Takes answers with a Content-Length, which both servers send. */
function answerIn(bytes: Buffer): HttpAnswer | undefined {
  const end = bytes.indexOf(headEnd);
  if (end < 0) return undefined;
  const head = bytes.toString('latin1', 0, end);
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
  const bodyStart = end + headEnd.length;
  if (bytes.length < bodyStart + length) return undefined;
  return { status: Number(head.slice(9, 12)), body: bytes.toString('utf8', bodyStart, bodyStart + length) };
}

/** A POST of JSON, ready to be sent again and again. */
export function postRequest(url: URL, path: string, body: string): Buffer {
  const lines = [
    `POST ${path} HTTP/1.1`,
    `host: ${url.host}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ];
  return Buffer.from(lines.join('\r\n'));
}

export function getRequest(url: URL, path: string, headers: Readonly<Record<string, string>> = {}): Buffer {
  const lines = [
    `GET ${path} HTTP/1.1`,
    `host: ${url.host}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
}
