import { casesTopic } from '@ringside/events';
import { intentsTable, streamOf } from '@ringside/team-kit';

import type { Drivers } from './embedded-drivers.js';
import { expectCount } from './row.js';
import { sampleCommands, type CommandSampleOptions } from './sample-commands.js';

/** Throws unless every command of the sample has its step in a stream, every step is on the log, and no intent is left. */
export async function expectCommandsKept({ log, store }: Drivers, sample: CommandSampleOptions): Promise<void> {
  const streams = new Set(sampleCommands(sample).map(({ case: { caseId } }) => streamOf(caseId)));
  const stored = new Set<string>();
  for (const stream of streams) for (const { id } of await store.readStream(stream)) stored.add(id);
  expectCount('steps in the streams', stored.size, sample.commands);

  const published = new Set<string>();
  for (const { partition } of await log.heads(casesTopic.topic)) {
    for await (const { id } of log.read({ topic: casesTopic.topic, partition })) published.add(id);
  }
  expectCount('steps on the log', [...published].filter((id) => stored.has(id)).length, sample.commands);

  let intents = 0;
  for await (const _ of store.scan(intentsTable)) intents += 1;
  expectCount('intents left', intents, 0);
}
