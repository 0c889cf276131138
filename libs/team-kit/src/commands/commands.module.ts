import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { Placement } from '@ringside/data-ring';
import type { EventLog } from '@ringside/event-log';
import {
  EVENT_LOG,
  LOGGER,
  METRICS,
  PLACEMENT,
  SERVICE_CONFIG,
  VIEW_STORE,
  type Logger,
  type ServiceConfig,
} from '@ringside/platform';
import type { ViewStore } from '@ringside/view-store';
import type { Registry } from 'prom-client';

import { SubscriberRuntime } from '../runtime.js';
import type { AnyCaseAggregate } from './aggregate.js';
import { commandMetrics } from './command-metrics.js';
import { Commands } from './commands.js';
import { RelayTimer } from './relay-timer.js';
import { Relay } from './relay.js';
import { stepsInViews } from './steps-in-views.js';

/** How long the events of the last commands may take to reach the log when the service stops, in ms. A relay has the rest. */
const settleMsMax = 1_000;

type Resources = [SubscriberRuntime, EventLog, ViewStore, Placement, Registry, Logger, ServiceConfig];

/** The write side of a team's service: `Commands` to inject, and the relay that runs beside it. */
@Module({})
export class CommandsModule implements OnApplicationShutdown {
  constructor(
    @Inject(Commands) private readonly commands: Commands,
    @Inject(RelayTimer) private readonly relay: RelayTimer,
  ) {}

  /** Needs the {@link SubscriberModule} of the team, which is global: it makes the tables and topics. */
  static forAggregate(aggregate: AnyCaseAggregate): DynamicModule {
    const commands = {
      provide: Commands,
      inject: [SubscriberRuntime, EVENT_LOG, VIEW_STORE, PLACEMENT, METRICS, LOGGER, SERVICE_CONFIG],
      useFactory: (...[runtime, log, store, placement, metrics, logger, { region }]: Resources): Commands =>
        new Commands({
          ...{ store, log, aggregate, placement, region },
          source: runtime.subscriber.name,
          earlierSteps: stepsInViews(() => runtime.views),
          observer: commandMetrics(metrics, logger),
          whenPrepared: () => void runtime.prepared(),
        }),
    };
    const relay = {
      provide: RelayTimer,
      inject: [SubscriberRuntime, EVENT_LOG, VIEW_STORE, PLACEMENT, LOGGER, Commands],
      useFactory: (
        ...[runtime, log, store, placement, logger, { observer }]: [
          SubscriberRuntime,
          EventLog,
          ViewStore,
          Placement,
          Logger,
          Commands,
        ]
      ) => {
        const relay = new Relay({
          store,
          log,
          aggregate,
          placement,
          observer,
          earlierSteps: stepsInViews(() => runtime.views),
        });
        return new RelayTimer(relay, () => runtime.isPrepared, logger);
      },
    };
    return { module: CommandsModule, global: true, providers: [commands, relay], exports: [commands] };
  }

  async onApplicationShutdown(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, settleMsMax)));
    await Promise.race([Promise.all([this.relay.stop(), this.commands.settled()]), late]);
    clearTimeout(timer);
  }
}
