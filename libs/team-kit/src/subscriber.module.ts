import {
  Controller,
  Inject,
  Module,
  type DynamicModule,
  type INestApplication,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type Type,
} from '@nestjs/common';
import { Ctx, EventPattern, Payload, RpcException } from '@nestjs/microservices';
import type { Placement } from '@ringside/data-ring';
import type { Delivery, EventLog } from '@ringside/event-log';
import {
  EVENT_LOG,
  LOGGER,
  METRICS,
  Readiness,
  SERVICE_CONFIG,
  VIEW_STORE,
  type Logger,
  type ServiceConfig,
} from '@ringside/platform';
import type { ViewStore } from '@ringside/view-store';
import type { Registry } from 'prom-client';

import { EventLogContext } from './event-log-server.js';
import { ParkedController } from './http/parked.controller.js';
import { placed } from './placed-subscriber.js';
import { SubscriberRuntime } from './runtime.js';
import type { Subscriber } from './subscriber.js';

/** Hands the records of a subscriber's topics, as the log has them, to its processor. */
function eventsController(topics: readonly string[]): Type {
  @Controller()
  class EventsController {
    constructor(@Inject(SubscriberRuntime) private readonly runtime: SubscriberRuntime) {}

    @EventPattern([...topics])
    async handle(@Payload() deliveries: readonly Delivery[], @Ctx() context: EventLogContext): Promise<void> {
      try {
        for (const partition of await this.runtime.process(deliveries)) context.giveBack(partition);
      } catch (error) {
        throw new RpcException(error as object); // of any other error the transport would learn nothing
      }
    }
  }
  return EventsController;
}

/** Runs a subscriber in a service. Connect {@link subscriberMicroservices} as well: they bring it its events. */
@Module({})
export class SubscriberModule implements OnModuleDestroy, OnApplicationShutdown {
  constructor(
    @Inject(SubscriberRuntime) private readonly runtime: SubscriberRuntime,
    readiness: Readiness,
  ) {
    readiness.contribute('subscriptions', () => {
      const { subscriber, server } = runtime;
      return {
        ...(server.fault === undefined ? { status: 'up' } : { status: 'down', reason: server.fault }),
        ...Object.fromEntries(subscriber.topics.map((topic) => [topic, { partitions: [...server.assigned(topic)] }])),
      };
    });
  }

  /** Throws `StartupError` where the ring's policy does not let the service hear what the subscriber names. */
  static forSubscriber(unplaced: Subscriber, placement: Placement): DynamicModule {
    const subscriber = placed(unplaced, placement);
    const runtime = {
      provide: SubscriberRuntime,
      inject: [EVENT_LOG, VIEW_STORE, METRICS, LOGGER, SERVICE_CONFIG],
      useFactory: (
        ...[eventLog, viewStore, metrics, logger, config]: [EventLog, ViewStore, Registry, Logger, ServiceConfig]
      ): SubscriberRuntime => {
        const { drainMsMax } = config;
        return new SubscriberRuntime(subscriber, { eventLog, viewStore, metrics, logger, drainMsMax });
      },
    };
    return {
      module: SubscriberModule,
      global: true,
      providers: [runtime],
      exports: [runtime],
      controllers: [eventsController(subscriber.topics), ParkedController],
    };
  }

  /** Before the HTTP server closes, which takes as long as its requests do. */
  onModuleDestroy(): void {
    this.runtime.server.beginDrain();
  }

  onApplicationShutdown(): void {
    this.runtime.stop();
  }
}

/** The transports of the application's subscriber, for `app.connectMicroservice`. */
export const subscriberMicroservices = (app: INestApplication): readonly object[] => [
  { strategy: app.get(SubscriberRuntime).server },
];
