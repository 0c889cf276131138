import { join, resolve } from 'node:path';
import { StartupError } from '@ringside/core';
import { openEventLog } from '@ringside/drivers';
import type { EventLog } from '@ringside/event-log';
import { Command } from 'commander';

import { serveControl } from './control-server.js';
import { integer } from './integer.js';
import { logLine, warnSparingly } from './log-lines.js';
import { readPolicy } from './read-policy.js';
import { openReplicator } from './replicator.js';

interface Options {
  readonly data: string;
  readonly policy: string;
  readonly regions?: readonly string[];
  readonly port: number;
  readonly linkDelay: number;
}

const sameWarningMs = 60_000;

const options = new Command('replicator')
  .description(
    'Copies between the embedded logs of several regions on one machine what the policy of the ring lets travel. GET /links on ' +
      'its port shows the links; POST /links/{from}/{to} {"state": "cut" | "healed", "delayMs": n} changes one, until it ends.',
  )
  .requiredOption('--data <dir>', 'each region has its event log under a folder of its name in it', (text) => resolve(text))
  .option('--policy <file>', 'the policy of the ring', (text) => resolve(text), 'ring.yaml')
  .option('--regions <names>', 'those of the policy that run here, such as eu,us (default: all)', (text) => text.split(','))
  .option('--port <port>', 'of the control API, on the loopback interface', integer, 3_008)
  .option('--link-delay <ms>', 'how long everything takes on every link', integer, 0)
  .helpOption('-h, --help', 'show this')
  .parse()
  .opts<Options>();

/** Resolves when all of it runs; answers how to end it. */
async function start({ data, policy: file, regions: chosen, port, linkDelay }: Options): Promise<() => Promise<void>> {
  const policy = await readPolicy(file);
  const regions = chosen ?? Object.keys(policy.regions);
  const unknown = regions.find((region) => policy.regions[region] === undefined);
  if (unknown !== undefined) throw new StartupError(`The policy ${file} has no region "${unknown}".`);
  const warn = warnSparingly(sameWarningMs);
  const logs: Record<string, EventLog> = {};
  const closeLogs = async (): Promise<void> => void (await Promise.all(Object.values(logs).map((log) => log.close())));
  try {
    for (const region of regions) {
      const onWarning = (message: string): void => warn(`${region} ${message}`, message, { region });
      logs[region] = await openEventLog('embedded:', { dataDirectory: join(data, region), onWarning });
    }
    const replicator = openReplicator({
      policy,
      logs,
      delayMs: linkDelay,
      onFailure: (message) => warn(message, message),
      onRefused: ({ message, ...refusal }) =>
        warn(`${refusal.from} ${refusal.to} ${refusal.topic} ${refusal.code}`, `not copied: ${message}`, refusal),
    });
    try {
      const server = await serveControl(replicator, port);
      logLine('info', 'started', { regions, port });
      return async () => {
        await server.close();
        await replicator.close();
        await closeLogs();
      };
    } catch (error) {
      await replicator.close();
      throw error;
    }
  } catch (error) {
    await closeLogs();
    throw error;
  }
}

try {
  const stop = await start(options);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
} catch (error) {
  console.error(error instanceof StartupError ? error.message : error);
  process.exitCode = 1;
}
