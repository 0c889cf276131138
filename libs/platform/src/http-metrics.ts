import type { FastifyInstance, RouteOptions } from 'fastify';
import type { Registry } from 'prom-client';
import { latencyHistogram, type Observe } from './latency-histogram.js';
import { readablePattern } from './route-table.js';

/** Latency of HTTP requests by method, route pattern and status. A route knows its series. */
export function observeRequests(fastify: FastifyInstance, registry: Registry): void {
  const seriesOf = latencyHistogram(registry, {
    name: 'http_server_request_duration_seconds',
    help: 'Time from a request to its answer, in seconds, by method, route pattern and status.',
    bounds: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  });

  const recorder = (route: string) => {
    const byMethod = new Map<string, Map<number, Observe>>();
    return (method: string, status: number, seconds: number): void => {
      let byStatus = byMethod.get(method);
      if (!byStatus) byMethod.set(method, (byStatus = new Map()));
      let observe = byStatus.get(status);
      if (!observe) byStatus.set(status, (observe = seriesOf({ method, route, status })));
      observe(seconds);
    };
  };

  fastify.addHook('onRoute', (route: RouteOptions) => {
    const record = recorder(readablePattern(route.url));
    const own = route.onResponse ?? [];
    route.onResponse = [
      ...(Array.isArray(own) ? own : [own]),
      (request, reply, done) => {
        record(request.method, reply.statusCode, reply.elapsedTime / 1000);
        done();
      },
    ];
  });

  // What no route matched: any method and address that a stranger may think of, under one name each.
  const recordUnmatched = recorder('unmatched');
  fastify.addHook('onResponse', (request, reply, done) => {
    if (request.is404) recordUnmatched('any', reply.statusCode, reply.elapsedTime / 1000);
    done();
  });
}
