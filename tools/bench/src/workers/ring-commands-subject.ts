import { openPulsarEventLog } from '@ringside/event-log-pulsar';
import { openCqlViewStore } from '@ringside/view-store-cql';

import { openGiving } from '../give-commands.js';
import { measured } from '../measurement.js';
import type { RingCommandsInput } from '../rows/ring-commands.js';
import { sampleCommands } from '../sample-commands.js';
import { workerMain } from '../worker-process.js';

await workerMain(async (input: RingCommandsInput) => {
  const { eventLogUrl, viewStoreUrl, name, cases, callers, commands, warmUp } = input;
  const log = await openPulsarEventLog({ url: eventLogUrl });
  const store = await openCqlViewStore(viewStoreUrl, { name });
  const giving = await openGiving({ log, store });
  const requests = sampleCommands({ commands, cases, name: 'bench' });
  await giving.give(requests.slice(0, warmUp), callers);
  const measurement = await measured(commands - warmUp, () => giving.give(requests.slice(warmUp), callers));
  await store.close();
  await log.close();
  return measurement;
});
