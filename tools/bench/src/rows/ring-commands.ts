import { openPulsarEventLog } from '@ringside/event-log-pulsar';
import { openCqlViewStore } from '@ringside/view-store-cql';

import { compare } from '../compare.js';
import { expectCommandsKept } from '../count-commands.js';
import { findTeam } from '../find-team.js';
import type { Measurement } from '../measurement.js';
import { onRing, type RingServers } from '../ring-servers.js';
import { expectCount, type BenchRow } from '../row.js';
import { commandingTeam } from '../sample-commands.js';
import { runWorker } from '../worker-process.js';
import { commandsSubjectIs, fillForCommands, noDecider, type CommandsInput } from './commands.js';

export interface RingCommandsInput extends Omit<CommandsInput, 'directory'>, RingServers {
  /** The keyspace's, new in each round. */
  readonly name: string;
}

export const ringCommands: BenchRow = {
  name: 'ring-commands',
  title: `commands on cases of the ${commandingTeam} team, each stored in CQL and published to Pulsar before its answer`,
  run: (context) =>
    onRing(context.ring, async (ring) => {
      if ((await findTeam(commandingTeam))?.casework === undefined) return noDecider;
      const sizes = { cases: 500, callers: 64, commands: context.quick ? 4_000 : 12_000, warmUp: 1_000 };
      const filled = await fillForCommands(context, sizes);
      let rounds = 0;
      // A namespace for each round: what is on its topics is this round's alone.
      const input = (): RingCommandsInput => {
        const name = `commands_${++rounds}`;
        return { ...sizes, ...ring, eventLogUrl: `${ring.eventLogUrl}-${name}`, filled, name };
      };
      return compare(
        {
          subjectIs: commandsSubjectIs(
            'the intent, the append by lightweight transaction, two records on Pulsar over its WebSocket API (the step, and how the case stands after it), the mark that they are published, and the end of the intent',
          ),
          floorIs:
            'bare cassandra-driver with the same consistencies and the same number of connections: 64 callers, each awaits the same conditional batch (version, fence, event and answer of the command, texts made before); no decision, no intent, nothing published: one lightweight transaction, and nothing beside it',
          aimRatioMin: 0.6,
          floor: async () => {
            const given = input();
            const measurement = await runWorker<Measurement & { readonly stored: number }>('ring-commands-floor', given);
            expectCount('events stored by the floor', measurement.stored, given.commands);
            return measurement;
          },
          subject: async () => {
            const given = input();
            const measurement = await runWorker<Measurement>('ring-commands-subject', given, context);
            await expectKept(given);
            return measurement;
          },
        },
        context,
      );
    }),
};

async function expectKept({ eventLogUrl, viewStoreUrl, name, cases, commands }: RingCommandsInput): Promise<void> {
  const log = await openPulsarEventLog({ url: eventLogUrl });
  const store = await openCqlViewStore(viewStoreUrl, { name });
  try {
    await expectCommandsKept({ log, store }, { cases, commands, name: 'bench' });
  } finally {
    await store.close();
    await log.close();
  }
}
