import type { Registry } from 'prom-client';

export interface LatencyHistogram {
  readonly name: string;
  readonly help: string;
  /** Upper bounds of its buckets, in seconds, rising. */
  readonly bounds: readonly number[];
}

/** Notes one observation, in seconds. */
export type Observe = (seconds: number) => void;

type Labels = Readonly<Record<string, string | number>>;

interface Series {
  readonly labels: Labels;
  readonly counts: Float64Array;
  sum: number;
}

/**
 * Registers a Prometheus histogram. What it answers makes a series of it, once for each set of labels: whoever observes keeps the series,
 * which makes an observation a few additions. The library's own histogram hashes its labels on every observation.
 */
export function latencyHistogram(registry: Registry, { name, help, bounds }: LatencyHistogram): (labels: Labels) => Observe {
  const all: Series[] = [];

  const samples = ({ labels, counts, sum }: Series) => {
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
  };

  const metric = {
    name,
    get: () => Promise.resolve({ name, help, type: 'histogram', aggregator: 'sum', values: all.flatMap(samples) }),
    reset: () => undefined,
  };
  registry.registerMetric(metric as unknown as Parameters<Registry['registerMetric']>[0]);

  return (labels) => {
    const series: Series = { labels, counts: new Float64Array(bounds.length + 1), sum: 0 };
    all.push(series);
    return (seconds) => {
      let bucket = 0;
      while (bucket < bounds.length && seconds > bounds[bucket]!) bucket += 1;
      series.counts[bucket]! += 1;
      series.sum += seconds;
    };
  };
}
