import {
  fileAppeal,
  fileReport,
  intakeMetrics,
  lateReceipts,
  lineFaults,
  ownReports,
  reportSubscriber,
  type Intake,
} from '@ringside/intake-service';
import { placed, SubscriberRuntime } from '@ringside/team-kit';

import type { Surroundings } from './surroundings.js';
import { consume } from './team-process.js';

/** A report-intake in one process. */
export interface IntakeProcess {
  readonly kind: 'intake';
  readonly surroundings: Surroundings;
  readonly runtime: SubscriberRuntime;
  fileReport(body: object, idempotencyKey: string | undefined): ReturnType<typeof fileReport>;
  fileAppeal(body: object): ReturnType<typeof fileAppeal>;
  stop(): Promise<void>;
}

export function startIntake(surroundings: Surroundings): IntakeProcess {
  const { eventLog, viewStore, metrics, logger, clock, config, region, service: source } = surroundings;
  const { placement } = region;
  const { drainMsMax } = config;
  const own = ownReports();
  const runtime = new SubscriberRuntime(placed({ ...reportSubscriber, known: own.take }, placement), {
    eventLog,
    viewStore,
    metrics,
    logger,
    drainMsMax,
  });
  const intake: Intake = {
    ...{ eventLog, viewStore, clock, placement, source, own },
    metrics: intakeMetrics(metrics),
    uncounted: new Set(),
    lateReceipts: lateReceipts(),
    lineFaults: lineFaults(logger),
  };
  consume(runtime);
  return {
    ...{ kind: 'intake', surroundings, runtime },
    fileReport: async (body, idempotencyKey) => {
      runtime.prepared(); // the route is not there before the tables are
      return fileReport(intake, { body, idempotencyKey });
    },
    fileAppeal: async (body) => fileAppeal(intake, runtime.views, { body }),
    stop: async () => {
      await runtime.server.close();
      runtime.stop();
    },
  };
}
