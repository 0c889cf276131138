import type { FastifyInstance } from 'fastify';

/** The end of a server, told on its connections. */
export interface Draining {
  /** From now on every answer says that its connection closes, so that no client sends another request into it. */
  begin(): void;
}

/** To be called before any route is registered. */
export function prepareDraining(fastify: FastifyInstance): Draining {
  let draining = false;
  // Fastify says so itself to requests that come after its `close`, but not to those that are under way by then.
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (draining) reply.header('connection', 'close');
    done();
  });
  return { begin: () => void (draining = true) };
}
