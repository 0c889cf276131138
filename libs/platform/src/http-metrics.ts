import type { FastifyInstance, RouteOptions } from 'fastify';
import type { Registry } from 'prom-client';
import { readablePattern } from './route-table.js';

/** Upper bounds of the latency histogram, in seconds. */
const bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

const name = 'http_server_request_duration_seconds';

interface Series {
  readonly labels: { readonly method: string; readonly route: string; readonly status: number };
  readonly counts: Float64Array;
  sum: number;
}

/**
 * Latency of HTTP requests by method, route pattern and status, as a Prometheus histogram. The library's own histogram hashes its
 * labels on every observation; here a route knows its series, which makes an observation a few additions.
 */
export function observeRequests(fastify: FastifyInstance, registry: Registry): void {
  const all: Series[] = [];

  const recorder = (route: string) => {
    const byMethod = new Map<string, Map<number, Series>>();
    return (method: string, status: number, seconds: number): void => {
      let byStatus = byMethod.get(method);
      if (!byStatus) byMethod.set(method, (byStatus = new Map()));
      let series = byStatus.get(status);
      if (!series) {
        series = { labels: { method, route, status }, counts: new Float64Array(bounds.length + 1), sum: 0 };
        byStatus.set(status, series);
        all.push(series);
      }
      let bucket = 0;
      while (bucket < bounds.length && seconds > bounds[bucket]!) bucket += 1;
      series.counts[bucket]! += 1;
      series.sum += seconds;
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

  const help = 'Time from a request to its answer, in seconds, by method, route pattern and status.';
  const metric = {
    name,
    get: () => Promise.resolve({ name, help, type: 'histogram', aggregator: 'sum', values: all.flatMap(samples) }),
    reset: () => undefined,
  };
  registry.registerMetric(metric as unknown as Parameters<Registry['registerMetric']>[0]);
}

function samples({ labels, counts, sum }: Series) {
  let cumulative = 0;
  const buckets = [...bounds, '+Inf' as const].map((le, index) => ({
    metricName: `${name}_bucket`,
    labels: { le, ...labels },
    value: (cumulative += counts[index]!),
  }));
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: cumulative },
  ];
}
