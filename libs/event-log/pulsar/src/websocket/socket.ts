import type { Duplex } from 'node:stream';
import { UnavailableError } from '@ringside/core';
import { WebSocket } from 'ws';

export interface SocketOptions {
  /** Of the service: `ws://host:8080`. */
  readonly serviceUrl: string;
  /** Behind `/ws/v2`. */
  readonly path: string;
  readonly token: () => Promise<string | undefined>;
}

export interface SocketHandlers {
  readonly onText: (text: string) => void;
  /** Once, however the connection ended; not where it could not be opened. Frames may come before the opener has its socket. */
  readonly onClosed: (reason: string) => void;
}

/** Opens a connection for a path behind `/ws/v2`. */
export type OpenSocket = (path: string, handlers: SocketHandlers) => Promise<Socket>;

/** One connection, from its opening to its end. */
export interface Socket {
  /** Frames of one turn of the event loop leave together. Nothing where the connection is over. */
  send(text: string): void;
  /** Lets what was sent arrive, then ends it. */
  close(): Promise<void>;
  /** Cuts it. */
  cut(): void;
}

const openMsMax = 10_000;
/** Pulsar closes a connection that is silent for long, here after 50 s; a peer that is gone shows within two of these. */
const pingMs = 20_000;
const closeMsMax = 2_000;
/** No closing frame came. */
const abnormalClosure = 1006;

/** Rejects with `UnavailableError`: what Pulsar refuses here (a missing topic, a token) may be mended while the process runs. */
export async function openSocket(options: SocketOptions, handlers: SocketHandlers): Promise<Socket> {
  const url = new URL(`/ws/v2${options.path}`, options.serviceUrl);
  const token = await options.token();
  const authorization = `Bearer ${token}`;
  const socket = new WebSocket(url, {
    headers: token === undefined ? {} : { authorization },
    handshakeTimeout: openMsMax,
    perMessageDeflate: false,
    followRedirects: true,
    maxRedirects: 3,
  });
  // To the broker that owns the topic. `ws` would leave the token behind on the way to another host.
  socket.on('redirect', (to, request) => {
    if (token !== undefined && (url.protocol === 'ws:' || to.startsWith('wss:'))) {
      request.setHeader('authorization', authorization);
    }
  });
  // Before it is open: a first frame may come together with the answer to the handshake.
  const ended = listen(socket, handlers);
  return new Promise((resolve, reject) => {
    let stream: Duplex;
    socket.once('upgrade', (response) => (stream = response.socket));
    socket.once('open', () => resolve(sendingOver(socket, stream, ended)));
    socket.once('error', (error) => {
      const what = `Pulsar's WebSocket service at ${url.host} did not open ${url.pathname}`;
      reject(new UnavailableError('event-log', `${what}: ${error.message}.`, { cause: error }));
    });
  });
}

/** Calls the handlers, and cuts a connection whose peer is gone. Resolves when it is over. */
function listen(socket: WebSocket, handlers: SocketHandlers): Promise<void> {
  let reason = 'the connection was cut';
  let heard = true;
  let pinging: NodeJS.Timeout | undefined;
  socket.on('open', () => {
    pinging = setInterval(() => {
      if (!heard) {
        reason = `nothing was heard for ${pingMs} ms`;
        socket.terminate();
        return;
      }
      heard = false;
      socket.ping();
    }, pingMs).unref();
  });
  socket.on('pong', () => (heard = true));
  socket.on('error', (error) => (reason = error.message));
  socket.on('message', (data) => {
    heard = true;
    try {
      handlers.onText((data as Buffer).toString());
    } catch (error) {
      reason = `Pulsar sent what cannot be read: ${(error as Error).message}`;
      socket.terminate();
    }
  });
  return new Promise((resolve) => {
    socket.once('close', (code, text) => {
      clearInterval(pinging);
      if (code !== abnormalClosure) reason = `Pulsar closed the connection: ${text.toString() || code}`;
      if (pinging !== undefined) handlers.onClosed(reason);
      resolve();
    });
  });
}

function sendingOver(socket: WebSocket, stream: Duplex, ended: Promise<void>): Socket {
  let corked = false;
  function uncork(): void {
    corked = false;
    stream.uncork();
  }
  return {
    send: (text) => {
      if (socket.readyState !== WebSocket.OPEN) return;
      if (!corked) {
        corked = true;
        stream.cork();
        process.nextTick(uncork);
      }
      socket.send(text);
    },
    close: async () => {
      socket.close();
      const late = setTimeout(() => socket.terminate(), closeMsMax);
      await ended;
      clearTimeout(late);
    },
    cut: () => socket.terminate(),
  };
}
