import { withEmbedded } from '../embedded-drivers.js';
import { openGiving } from '../give-commands.js';
import { measured, type Measurement } from '../measurement.js';
import type { CommandsInput } from '../rows/commands.js';
import { sampleCommands } from '../sample-commands.js';
import { workerMain } from '../worker-process.js';

await workerMain(({ directory, cases, callers, commands, warmUp }: CommandsInput): Promise<Measurement> =>
  withEmbedded(directory, async (drivers) => {
    const giving = await openGiving(drivers);
    const requests = sampleCommands({ commands, cases, name: 'bench' });
    await giving.give(requests.slice(0, warmUp), callers);
    return measured(commands - warmUp, () => giving.give(requests.slice(warmUp), callers));
  }),
);
