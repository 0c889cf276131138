import type { StreamAppend, ViewStore } from '@ringside/view-store';

import { withEmbedded } from '../embedded-drivers.js';
import { openGiving } from '../give-commands.js';
import { keepAppends } from '../recorded-appends.js';
import type { CommandsInput } from '../rows/commands.js';
import { sampleCommands } from '../sample-commands.js';
import { workerMain } from '../worker-process.js';

await workerMain(async ({ filled, directory, cases, callers, commands }: CommandsInput) => {
  const appends: StreamAppend[] = [];
  await withEmbedded(directory, async ({ log, store }) => {
    const recording = Object.create(store, {
      appendToStream: {
        value: (append: StreamAppend) => {
          appends.push(append);
          return store.appendToStream(append);
        },
      },
    }) as ViewStore;
    const giving = await openGiving({ log, store: recording });
    await giving.give(sampleCommands({ commands, cases, name: 'bench' }), callers);
  });
  keepAppends(filled, appends);
});
