import type { AddressInfo } from 'node:net';
import type { DynamicModule, INestApplication, Type } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { StartupError, systemClock, type Clock } from '@ringside/core';
import { standalone, type Placement, type RingPolicy } from '@ringside/data-ring';
import type { EventLog } from '@ringside/event-log';
import type { ViewStore } from '@ringside/view-store';
import { collectDefaultMetrics, Counter, Registry } from 'prom-client';
import { AccessGuard } from './auth/access.guard.js';
import { asksForTokens, authenticate, type Access } from './auth/authenticate.js';
import { readConfig, type ServiceConfig } from './config.js';
import { callDirectly } from './direct-routes.js';
import { prepareDraining, type Draining } from './draining.js';
import { guardedEventLog } from './guarded-event-log.js';
import { harden, serverOptions, type BodyFormat } from './http-hardening.js';
import { observeRequests } from './http-metrics.js';
import { createLogger, NestLogLines, type Logger } from './logging.js';
import { serveDocumentation, type ApiDescription } from './openapi.js';
import { PlatformModule, type ServiceResources } from './platform.module.js';
import { ProblemFeed } from './problem-feed.js';
import { ProblemFilter } from './problem.filter.js';
import { Readiness } from './readiness.js';
import { logRequests } from './request-log.js';
import { recordRoutes, type RouteTable } from './route-table.js';
import { UnaskedInputRefusal } from './unasked-input.interceptor.js';
import { RequestValidationPipe } from './validation.pipe.js';

/** A service as a value: what an app's `main.ts` hands to `runService`, and a test to {@link startService}. */
export interface ServiceDefinition extends ApiDescription {
  /** Names the service in logs and its directory of views: `[a-z][a-z0-9-]*`. */
  readonly name: string;
  readonly defaultPort: number;
  /** Who may call its routes; health, metrics and documentation are open in any case. */
  readonly access: Access;
  /** The service's own Nest module. The platform's tokens can be injected everywhere in it. */
  readonly module: (resources: ServiceResources) => Type | DynamicModule;
  /** Microservices to connect, as `{ strategy }` or Nest's own options. Called once the application is initialised. */
  readonly microservices?: (app: INestApplication) => readonly object[];
  /**
   * It puts back what its region's log has lost and another region still has. That is no production: the policy may give it to
   * nobody here, and the guard of the log would refuse it.
   */
  readonly restores?: true;
  /** Bodies that are not JSON. */
  readonly bodyFormats?: readonly BodyFormat[];
}

export interface StartOptions {
  readonly eventLog: EventLog;
  readonly viewStore: ViewStore;
  /** Defaults: any free port of the loopback interface, warnings and worse in the log. */
  readonly config?: Partial<ServiceConfig>;
  /** One region without a ring around it where absent. The log is guarded by it: what it does not allow is not sent. */
  readonly placement?: Placement;
  /** What the placement was made of. */
  readonly policy?: RingPolicy | undefined;
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** Also collect memory, CPU, garbage collection and event loop lag of the process. Once a process. */
  readonly processMetrics?: boolean;
}

export interface RunningService {
  /** Where the HTTP API is, without a slash at the end. */
  readonly url: string;
  readonly app: INestApplication;
  readonly config: ServiceConfig;
  readonly logger: Logger;
  /**
   * Not ready, then: no new connections, requests under way are finished or, in time, their connections ended, microservices drain.
   * The log and the store stay open: they belong to the caller.
   */
  close(signal?: NodeJS.Signals): Promise<void>;
}

/**
 * The event loop's delay is looked at so often, in ms; no figure of it is below that. Every 10 ms, as is usual, would use more than all
 * else that an idle service does, and every 50 ms a quarter of that.
 */
const eventLoopLookMs = 250;

/** Starts a service in this process. Resolves when it takes requests; rejects with nothing left running. */
export async function startService(definition: ServiceDefinition, options: StartOptions): Promise<RunningService> {
  const config: ServiceConfig = { ...readConfig({}, { port: 0 }), logLevel: 'warn', ...options.config };
  const logger = options.logger ?? createLogger(definition.name, config);
  const metrics = new Registry();
  if (options.processMetrics) collectDefaultMetrics({ register: metrics, eventLoopMonitoringPrecision: eventLoopLookMs });
  const { viewStore, placement = standalone(config.region), policy, clock = systemClock } = options;
  const eventLog = guarded(options.eventLog, placement, { service: definition.name, logger, metrics });
  const unguardedLog = definition.restores ? options.eventLog : undefined;
  const resources: ServiceResources = {
    ...{ config, eventLog, unguardedLog, viewStore, placement, policy, clock, logger, metrics },
  };

  const nestLog = new NestLogLines(logger);
  const adapter: FastifyAdapter = new FastifyAdapter({
    ...serverOptions(config, logger),
    skipMiddie: true, // Express-style middleware would cost every request a hook, and there is none
  });
  const { routes, draining } = await prepareHttp(adapter, definition, resources);

  @Module({ imports: [PlatformModule.forRoot(resources), definition.module(resources)] })
  class ServiceRoot {}

  callDirectly(fastifyOf(adapter), definition.access, (controller) => app.get<unknown>(controller, { strict: false }));
  const app: INestApplication = await NestFactory.create(ServiceRoot, adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: nestLog,
  });
  try {
    app.useGlobalFilters(new ProblemFilter(routes, app.get(ProblemFeed)));
    app.useGlobalGuards(new AccessGuard(definition.access));
    app.useGlobalInterceptors(new UnaskedInputRefusal());
    app.useGlobalPipes(new RequestValidationPipe());
    serveDocumentation(app, definition, asksForTokens(definition.access, config) ? definition.access : undefined);
    await app.init();
    for (const microservice of definition.microservices?.(app) ?? []) {
      app.connectMicroservice(microservice, { inheritAppConfig: false });
    }
    await app.startAllMicroservices();
    await app.listen(config.port, config.host);
  } catch (error) {
    await app.close().catch(() => undefined);
    throw startFailure(error, config);
  }
  nestLog.starting = false;
  const { port } = adapter.getHttpServer().address() as AddressInfo;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host === '0.0.0.0' ? '127.0.0.1' : config.host;
  return {
    url: `http://${host}:${port}`,
    app,
    config,
    logger,
    close: (signal) => closeService(app, { draining, config }, signal),
  };
}

/** What the policy does not allow is counted and logged, whatever the caller makes of the error. */
function guarded(
  log: EventLog,
  placement: Placement,
  { service, logger, metrics }: { readonly service: string; readonly logger: Logger; readonly metrics: Registry },
): EventLog {
  const violations = new Counter({
    name: 'ringside_zone_violations_total',
    help: 'Calls to the event log that the ring does not allow this service, and that were not made.',
    labelNames: ['call', 'topic', 'rule'],
    registers: [metrics],
  });
  return guardedEventLog(log, placement, {
    service,
    onViolation({ violation, message }) {
      const { call, topic, rule } = violation;
      violations.inc({ call, topic, rule });
      logger.error({ ...violation, detail: message }, 'the policy of the ring does not allow it');
    },
  });
}

const fastifyOf = (adapter: FastifyAdapter) => adapter.getInstance() as unknown as Parameters<typeof harden>[0];

async function prepareHttp(
  adapter: FastifyAdapter,
  definition: ServiceDefinition,
  { config, logger, metrics }: ServiceResources,
): Promise<{ readonly routes: RouteTable; readonly draining: Draining }> {
  const fastify = fastifyOf(adapter);
  const routes = recordRoutes(fastify);
  const draining = prepareDraining(fastify);
  observeRequests(fastify, metrics);
  logRequests(fastify, logger);
  await harden(fastify, config, definition.bodyFormats ?? []);
  await authenticate(fastify, definition, config);
  return { routes, draining };
}

/**
 * The part of the time to stop that requests under way get. What is left is for microservices, which drain once no request is under
 * way, and for closing the log and the store: a client that never finishes its request takes it from nobody.
 */
const connectionsShare = 0.6;

async function closeService(
  app: INestApplication,
  { draining, config: { drainMsMax } }: { readonly draining: Draining; readonly config: ServiceConfig },
  signal?: NodeJS.Signals,
): Promise<void> {
  app.get(Readiness).beginShutdown();
  draining.begin();
  const server = app.getHttpServer() as { closeIdleConnections(): void; closeAllConnections(): void };
  // A connection that was busy when the server closed stays open after its answer until its keep-alive runs out.
  const sweep = setInterval(() => {
    server.closeIdleConnections();
    draining.endSilent();
  }, 20);
  const end = setTimeout(() => server.closeAllConnections(), drainMsMax * connectionsShare);
  try {
    // Nest hands the signal to its shutdown hooks, though the type of `close` does not say so.
    await (app as { close(signal?: string): Promise<void> }).close(signal);
  } finally {
    clearInterval(sweep);
    clearTimeout(end);
  }
}

/** The sentence for what the operating system says of a port. */
function startFailure(error: unknown, { host, port }: ServiceConfig): unknown {
  const sentences: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} on ${host} is in use: stop what listens there, or set RINGSIDE_PORT to another one.`,
    EACCES: `This user may not listen on port ${port} of ${host}: set RINGSIDE_PORT to one above 1023.`,
    EADDRNOTAVAIL: `This machine has no address ${host}: set RINGSIDE_HOST to one of its own.`,
    ENOTFOUND: `The name ${host} is not known: set RINGSIDE_HOST to an address of this machine.`,
  };
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  const sentence = syscall === 'listen' || syscall === 'getaddrinfo' ? sentences[code ?? ''] : undefined;
  return sentence ? new StartupError(sentence, { cause: error }) : error;
}
