import { systemClock, type Clock } from '@ringside/core';
import type { EventLog } from '@ringside/event-log';
import { guardedEventLog, readConfig, type Logger, type ServiceConfig } from '@ringside/platform';
import type { ViewStore } from '@ringside/view-store';
import { Registry } from 'prom-client';

import { simulatedLog } from '../log/simulated-log.js';
import { simulatedStore } from '../store/simulated-store.js';
import type { SimulatedProcess } from '../world/process.js';
import type { World } from '../world/world.js';
import type { Region } from './region.js';

/** What a process of a service is given, as `startService` gives it: the log is guarded by the ring's policy. */
export interface Surroundings {
  readonly world: World;
  readonly region: Region;
  readonly process: SimulatedProcess;
  readonly service: string;
  readonly eventLog: EventLog;
  readonly viewStore: ViewStore;
  readonly config: ServiceConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Registry;
}

/** Puts something between a process and what it calls: a bug that is planted there. */
export interface Wrapping {
  readonly log?: (log: EventLog, at: Region, service: string) => EventLog;
  readonly store?: (store: ViewStore, at: Region, service: string) => ViewStore;
}

const defaults = readConfig({}, { port: 0 });

export function surroundingsOf(
  world: World,
  region: Region,
  { process, service, wrapping = {} }: { process: SimulatedProcess; service: string; wrapping?: Wrapping },
): Surroundings {
  const bareLog = simulatedLog(region.log, process);
  const bareStore = simulatedStore(world, region.storeOf(service), process);
  const log = wrapping.log?.(bareLog, region, service) ?? bareLog;
  return {
    ...{ world, region, process, service },
    eventLog: guardedEventLog(log, region.placement, { service }),
    viewStore: wrapping.store?.(bareStore, region, service) ?? bareStore,
    config: { ...defaults, region: region.name },
    clock: systemClock,
    logger: tracingLogger(world, process),
    metrics: new Registry(),
  };
}

/** Log lines are part of a trace; those of what went wrong without anybody's having planned it are looked at afterwards. */
function tracingLogger(world: World, process: SimulatedProcess): Logger {
  const say = (fields: unknown, text?: unknown): void => {
    const error = (fields as { readonly err?: unknown } | undefined)?.err;
    world.note(process.name, `says: ${String(text ?? fields)}${error === undefined ? '' : ` (${String(error)})`}`);
  };
  return { warn: say, error: say, info: say, debug: say, trace: say, fatal: say } as unknown as Logger;
}
