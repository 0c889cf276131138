import { StartupError } from '@ringside/core';
import type { Placement } from '@ringside/data-ring';
import type { EventLog } from '@ringside/event-log';
import { recordSchemasOf, type JsonSchema } from '@ringside/events';
import type { ViewStore } from '@ringside/view-store';
import { describeSettings, readConfig, type ServiceConfig } from './config.js';
import { createLogger, type Logger } from './logging.js';
import { readRing } from './read-placement.js';
import { startService, type ServiceDefinition } from './start-service.js';

/** How an app opens what its configuration names. The platform knows no driver. */
export interface Drivers {
  /** Schemes of the URLs that these open: a configuration with another is told of it together with its other faults. */
  readonly eventLogSchemes: readonly string[];
  readonly viewStoreSchemes: readonly string[];
  openEventLog(
    url: string,
    options: {
      readonly dataDirectory: string;
      readonly onWarning: (message: string) => void;
      /** What lies in a topic, for a log that keeps a registry of it. */
      readonly schemasOf: (topic: string) => readonly JsonSchema[];
      /** Where in the log this region's topics are. */
      readonly placement: Placement;
    },
  ): Promise<EventLog>;
  openViewStore(url: string, options: { readonly dataDirectory: string; readonly name: string }): Promise<ViewStore>;
}

/** A process as `runService` sees it. */
type Process = Pick<NodeJS.Process, 'argv' | 'env' | 'stdout' | 'stderr' | 'exit' | 'on'>;

/** Ctrl-C reaches a process twice when a parent passes it on: what follows the first signal this soon is the same wish. */
const sameSignalMs = 500;

/**
 * The whole of an app's `main.ts`: reads the configuration, opens the drivers, starts the service, and stops it on SIGTERM or
 * SIGINT: requests under way are finished, microservices drain, the log and the store are closed, exit code 0. A second signal
 * exits at once. What keeps the service from starting is one sentence on stderr, and exit code 1.
 */
export async function runService(definition: ServiceDefinition, drivers: Drivers, host: Process = process): Promise<void> {
  const [flag] = host.argv.slice(2);
  if (flag === '--help' || flag === '-h') return void host.stdout.write(helpOf(definition));
  if (flag === '--version') return void host.stdout.write(`${definition.name} ${definition.version}\n`);
  try {
    if (flag !== undefined) throw new StartupError(`"${flag}" is not an option: see --help.`);
    await run(definition, drivers, host);
  } catch (error) {
    host.stderr.write(`${definition.name}: ${sentenceOf(error)}\n`);
    host.exit(1);
  }
}

async function run(definition: ServiceDefinition, drivers: Drivers, host: Process): Promise<void> {
  const { eventLogSchemes, viewStoreSchemes } = drivers;
  const config = readConfig(host.env, { port: definition.defaultPort, eventLogSchemes, viewStoreSchemes });
  const logger = createLogger(definition.name, config);
  const { dataDirectory } = config;
  const { placement, policy } = await readRing(config);
  const eventLog = await drivers.openEventLog(config.eventLogUrl, {
    dataDirectory,
    onWarning: (message) => logger.warn(message),
    schemasOf: (name) => recordSchemasOf(placement.held.find((one) => one.name === name)?.topic.topic ?? name),
    placement,
  });
  const open: Closeable[] = [eventLog];
  try {
    const viewStore = await drivers.openViewStore(config.viewStoreUrl, { dataDirectory, name: definition.name });
    open.unshift(viewStore);
    const options = { eventLog, viewStore, config, placement, policy, logger, processMetrics: true };
    const service = await startService(definition, options);
    open.unshift(service);
    logger.info({ url: service.url, version: definition.version }, 'started');
  } catch (error) {
    await closeAll(open).catch(() => undefined);
    throw error;
  }
  stopOnSignals(host, logger, config, (signal) => closeAll(open, signal));
  host.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'unexpected error');
    host.exit(1);
  });
}

interface Closeable {
  close(signal?: NodeJS.Signals): Promise<void>;
}

async function closeAll(open: readonly Closeable[], signal?: NodeJS.Signals): Promise<void> {
  for (const resource of open) await resource.close(signal);
}

function stopOnSignals(
  host: Process,
  logger: Logger,
  config: ServiceConfig,
  close: (signal: NodeJS.Signals) => Promise<void>,
): void {
  let firstAt: number | undefined;
  let giveUp: NodeJS.Timeout | undefined;
  const exit = (code: number): void => {
    clearTimeout(giveUp);
    host.exit(code);
  };
  const stop = (signal: NodeJS.Signals): void => {
    if (firstAt !== undefined) {
      if (performance.now() - firstAt > sameSignalMs) exit(1);
      return;
    }
    firstAt = performance.now();
    logger.info({ signal }, 'stopping');
    giveUp = setTimeout(() => {
      logger.error({ drainMsMax: config.drainMsMax }, 'not drained in time');
      exit(1);
    }, config.drainMsMax);
    close(signal).then(
      () => {
        logger.info('stopped');
        exit(0);
      },
      (error: unknown) => {
        logger.fatal({ err: error }, 'stopping failed');
        exit(1);
      },
    );
  };
  host.on('SIGTERM', stop);
  host.on('SIGINT', stop);
}

function helpOf(definition: ServiceDefinition): string {
  const settings = describeSettings(definition.defaultPort).map(
    (setting) => `  ${setting.variable.padEnd(28)}${setting.meaning}${setting.default === '' ? '' : ` [${setting.default}]`}`,
  );
  return [`${definition.name} ${definition.version}: ${definition.description}`, '', 'Environment:', ...settings, ''].join(
    '\n',
  );
}

/** One line, whatever it was. */
function sentenceOf(error: unknown): string {
  if (error instanceof StartupError) return error.message;
  return `could not start: ${(error instanceof Error ? error.message : String(error)).split('\n', 1)[0]}`;
}
