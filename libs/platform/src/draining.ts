import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** The end of a server, told on its connections. */
export interface Draining {
  /** From now on every answer says that its connection closes, so that no client sends another request into it. */
  begin(): void;
  /** Ends connections that have sent no whole request by now. To be called again and again until the server is closed. */
  endSilent(): void;
}

/** A connection that was made just before the end may still send its request. In ms. */
const silentMsMax = 1_000;

/** To be called before any route is registered. */
export function prepareDraining(fastify: FastifyInstance): Draining {
  let begunAt: number | undefined;
  // Fastify says so itself to requests that come after its `close`, but not to those that are under way by then.
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (begunAt !== undefined) reply.header('connection', 'close');
    done();
  });
  // To Node a connection on which nothing has come yet is not idle, and a server that closes waits for it for ever.
  const silent = new Set<Socket>();
  fastify.server.on('connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  fastify.server.on('request', ({ socket }: { readonly socket: Socket }) => silent.delete(socket));
  return {
    begin: () => void (begunAt = performance.now()),
    endSilent() {
      if (begunAt === undefined || performance.now() - begunAt < silentMsMax) return;
      for (const socket of silent) socket.destroy();
    },
  };
}
