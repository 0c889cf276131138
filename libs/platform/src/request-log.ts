import type { FastifyInstance } from 'fastify';
import type { Logger } from './logging.js';
import { readablePattern } from './route-table.js';

/**
 * A line for each request that failed on our side, and with log level `debug` for every one: method, route pattern, status and
 * time. Nothing of headers, queries or bodies. An outage (503) is told of by the line of its cause, once a second.
 */
export function logRequests(fastify: FastifyInstance, logger: Logger): void {
  const everyRequest = logger.isLevelEnabled('debug');
  fastify.addHook('onResponse', (request, reply, done) => {
    const failed = reply.statusCode >= 500 && reply.statusCode !== 503;
    if (everyRequest || failed) {
      const line = {
        method: request.method,
        route: request.is404 ? null : readablePattern(request.routeOptions.url ?? ''),
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 1000) / 1000,
      };
      logger[failed ? 'warn' : 'debug'](line, 'request');
    }
    done();
  });
}
