import { latencyHistogram, type Logger, type Observe } from '@ringside/platform';
import { Counter, Gauge, type Registry } from 'prom-client';

import type { Observer } from './observer.js';

/** Counts and logs what a subscriber's processor does. Ids are in the log lines, never in labels. */
export function metricsObserver(registry: Registry, logger: Logger): Observer {
  const registers = [registry];
  const events = new Counter({
    name: 'ringside_events_processed_total',
    help: 'Events taken from the log, by outcome: projected, duplicate, not_captured, already_processed.',
    labelNames: ['topic', 'outcome'],
    registers,
  });
  const lagOf = latencyHistogram(registry, {
    name: 'ringside_projection_lag_seconds',
    help: "From the log's taking an event to the views containing it.",
    bounds: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600],
  });
  const parked = new Counter({
    name: 'ringside_events_parked_total',
    help: 'Events that were parked, by reason: malformed, projection, reaction, behind, gap, not_allowed.',
    labelNames: ['topic', 'reason'],
    registers,
  });
  const unparked = new Counter({
    name: 'ringside_events_unparked_total',
    help: 'Parked events that were retried with success, or discarded.',
    labelNames: ['topic', 'how'],
    registers,
  });
  const parkedNow = new Gauge({
    name: 'ringside_parked_events',
    help: 'Events parked now, in the partitions that this process holds.',
    labelNames: ['topic', 'partition'],
    registers,
  });
  const lost = new Counter({
    name: 'ringside_partitions_lost_total',
    help: 'Partitions that another process had taken over when this one wrote.',
    labelNames: ['topic'],
    registers,
  });
  const waits = new Counter({
    name: 'ringside_dependency_retries_total',
    help: 'Calls to the log or the store that failed and are tried again.',
    labelNames: ['dependency'],
    registers,
  });
  // The library hashes its labels for each count; what is counted for every event is found once.
  const counted = new Map<string, Map<string, { inc(): void }>>();
  const counterOf = (topic: string, outcome: string): { inc(): void } => {
    let ofTopic = counted.get(topic);
    if (ofTopic === undefined) counted.set(topic, (ofTopic = new Map()));
    let counter = ofTopic.get(outcome);
    if (counter === undefined) ofTopic.set(outcome, (counter = events.labels(topic, outcome)));
    return counter;
  };
  const lags = new Map<string, Observe>();
  const observeLag = (topic: string, seconds: number): void => {
    let observe = lags.get(topic);
    if (observe === undefined) lags.set(topic, (observe = lagOf({ topic })));
    observe(seconds);
  };
  return {
    processed(topic, outcome, lagMs) {
      counterOf(topic, outcome).inc();
      if (outcome === 'projected') observeLag(topic, lagMs / 1_000);
    },
    parked({ topic, partition, eventId, reason, detail }) {
      parked.inc({ topic, reason });
      logger.warn({ topic, partition, eventId, reason, detail }, 'event parked');
    },
    unparked({ topic, partition, eventId, how }) {
      unparked.inc({ topic, how });
      logger.info({ topic, partition, eventId, how }, 'parked event is through');
    },
    parkedNow: (topic, partition, count) => parkedNow.set({ topic, partition }, count),
    takenOver: (topic, partition, epoch) => logger.debug({ topic, partition, epoch }, 'partition taken over'),
    fenced(topic, partition) {
      lost.inc({ topic });
      logger.warn({ topic, partition }, 'partition lost to another process');
    },
    cursorPutBack: (topic, partition) => logger.warn({ topic, partition }, 'cursor was ahead of the views, and was put back'),
    waiting(dependency, detail, attempt) {
      waits.inc({ dependency });
      if (attempt === 1 || attempt % 10 === 0) logger.warn({ dependency, detail, attempt }, 'waiting for a dependency');
    },
  };
}
