import { Module, type DynamicModule } from '@nestjs/common';
import type { Clock } from '@ringside/core';
import type { Placement, RingPolicy } from '@ringside/data-ring';
import type { EventLog } from '@ringside/event-log';
import type { ViewStore } from '@ringside/view-store';
import type { Registry } from 'prom-client';
import type { ServiceConfig } from './config.js';
import type { Logger } from './logging.js';
import { OperationsController } from './operations.controller.js';
import { ProblemFeed } from './problem-feed.js';
import { Readiness } from './readiness.js';
import { CLOCK, EVENT_LOG, LOGGER, METRICS, PLACEMENT, SERVICE_CONFIG, VIEW_STORE } from './tokens.js';

/** What a service has been given by its process. */
export interface ServiceResources {
  readonly config: ServiceConfig;
  readonly eventLog: EventLog;
  readonly viewStore: ViewStore;
  /** The ring as this region's services see it. */
  readonly placement: Placement;
  /** What the placement was made of; undefined without a ring. */
  readonly policy: RingPolicy | undefined;
  /** The log without its guard: only of a service that restores (see `ServiceDefinition.restores`). */
  readonly unguardedLog: EventLog | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Registry;
}

/** Makes the resources injectable everywhere, and serves health and metrics. */
@Module({})
export class PlatformModule {
  static forRoot(resources: ServiceResources): DynamicModule {
    const providers = [
      { provide: SERVICE_CONFIG, useValue: resources.config },
      { provide: EVENT_LOG, useValue: resources.eventLog },
      { provide: VIEW_STORE, useValue: resources.viewStore },
      { provide: PLACEMENT, useValue: resources.placement },
      { provide: CLOCK, useValue: resources.clock },
      { provide: LOGGER, useValue: resources.logger },
      { provide: METRICS, useValue: resources.metrics },
      Readiness,
      ProblemFeed,
    ];
    return { module: PlatformModule, global: true, providers, exports: providers, controllers: [OperationsController] };
  }
}
