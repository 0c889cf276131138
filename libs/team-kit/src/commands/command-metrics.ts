import type { Logger } from '@ringside/platform';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

import type { CommandObserver } from './command-observer.js';

/** Counts and logs what the write side does. Ids are in the log lines, never in labels. */
export function commandMetrics(registry: Registry, logger: Logger): CommandObserver {
  const registers = [registry];
  const commands = new Counter({
    name: 'ringside_commands_total',
    help: 'Commands on cases, by outcome: done, repeated, refused, stale, incomplete, id_reused, unavailable, error.',
    labelNames: ['outcome'],
    registers,
  });
  const lag = new Histogram({
    name: 'ringside_publication_lag_seconds',
    help: "From the storing of a case's events to the log's having them, where the process that stored them published them.",
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const unpublished = new Counter({
    name: 'ringside_publications_left_total',
    help: 'Commands whose events were left to a relay.',
    registers,
  });
  const pending = new Gauge({
    name: 'ringside_intents',
    help: 'Intents to append to a case that the relay of this process found when it last looked, of all processes.',
    registers,
  });
  const recoveries = new Counter({
    name: 'ringside_relay_recoveries_total',
    help: 'Cases that the relay settled, by what it found to publish: events, or nothing.',
    labelNames: ['found'],
    registers,
  });
  return {
    executed: (outcome) => commands.inc({ outcome }),
    published: (lagMs) => lag.observe(lagMs / 1_000),
    unpublished(stream, error) {
      unpublished.inc();
      logger.warn({ stream, err: error }, 'events of a case are left to the relay');
    },
    pending: (count) => pending.set(count),
    recovered(stream, events) {
      recoveries.inc({ found: events > 0 ? 'events' : 'nothing' });
      logger.info({ stream, events }, 'the relay settled a case');
    },
    unsettled: (stream, error) => logger.warn({ stream, err: error }, 'the relay could not settle a case, and tries again'),
  };
}
