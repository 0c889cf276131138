import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger } from 'pino';
import type { ServiceConfig } from './config.js';

export type { Logger } from 'pino';

/** JSON lines with the service and the region in each. Written before the call returns, so that a crash loses none. */
export function createLogger(
  service: string,
  config: Pick<ServiceConfig, 'logLevel' | 'region'>,
  destination?: DestinationStream,
): Logger {
  const options = {
    level: config.logLevel,
    base: { service, region: config.region },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return destination ? pino(options, destination) : pino(options);
}

/**
 * Nest's own log lines through pino. They tell how the application is put together, so what Nest calls `log` is `debug` here;
 * while `starting` is set, errors are too: whoever started the process reads them as one sentence on stderr.
 */
export class NestLogLines implements LoggerService {
  starting = true;

  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...context: unknown[]): void {
    this.logger.debug({ context: context.at(-1) }, String(message));
  }

  verbose(message: unknown, ...context: unknown[]): void {
    this.logger.trace({ context: context.at(-1) }, String(message));
  }

  debug(message: unknown, ...context: unknown[]): void {
    this.logger.debug({ context: context.at(-1) }, String(message));
  }

  warn(message: unknown, ...context: unknown[]): void {
    this.logger.warn({ context: context.at(-1) }, String(message));
  }

  error(message: unknown, ...context: unknown[]): void {
    const fields = message instanceof Error ? { err: message } : { context: context.at(-1) };
    this.logger[this.starting ? 'debug' : 'error'](fields, String(message));
  }

  fatal(message: unknown, ...context: unknown[]): void {
    this.error(message, ...context);
  }
}
