import type { CommandContext } from '@ringside/casework';
import { standalone } from '@ringside/data-ring';
import { topics } from '@ringside/events';
import { createLogger, readConfig } from '@ringside/platform';
import { commandMetrics, Commands, intentsTable, publicationsTable, type CommandRequest } from '@ringside/team-kit';
import { Registry } from 'prom-client';

import { byCallers } from './callers.js';
import type { Drivers } from './embedded-drivers.js';
import { findTeam } from './find-team.js';
import { commandingTeam } from './sample-commands.js';

export interface Giving {
  /** Resolves when all are answered, and nothing that they have left to do is under way. */
  give(requests: readonly CommandRequest<CommandContext>[], callers: number): Promise<void>;
}

/** The write side of a team's service, without the service around it. */
export async function openGiving({ log, store }: Drivers): Promise<Giving> {
  const { service, casework } = (await findTeam(commandingTeam))!;
  for (const { topic, partitions } of topics) await log.createTopic(topic, { partitions });
  await store.createTables([intentsTable, publicationsTable]);
  const logger = createLogger('bench', { ...readConfig({}, { port: 0 }), logLevel: 'warn' });
  const { aggregate } = casework!;
  const observer = commandMetrics(new Registry(), logger);
  const commands = new Commands({
    ...{ store, log, aggregate, observer },
    ...{ placement: standalone('local'), region: 'local', source: service },
  });
  return {
    async give(requests, callers) {
      await byCallers(callers, requests.length, async (i) => {
        const outcome = await commands.execute(requests[i]!);
        if (outcome.outcome !== 'done') throw new Error(`A command was not taken: ${JSON.stringify(outcome)}`);
      });
      await commands.settled();
    },
  };
}
