import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { openEmbeddedEventLog } from '@ringside/event-log-embedded';
import { openEmbeddedViewStore } from '@ringside/view-store-embedded';

import { bytesOf, stream, subscription, tables, textOf, topics, topicsOf, type Acknowledged } from './account.js';

/*
 * The process that is recorded: it writes to a log and a store, and says what was acknowledged on a file of its own. With `early` it
 * says so before it knows, which a harness that is worth something finds.
 *
 * node workload.js <directory> <file of acknowledgements> <rounds> [early]
 */
const [directory = '', file = '', rounds = '0', early] = process.argv.slice(2);
const acknowledgements = openSync(file, 'a');
const acknowledge = (what: Acknowledged): void => void writeSync(acknowledgements, `${what}\n`);

async function acknowledged(what: Acknowledged, work: Promise<unknown>): Promise<void> {
  if (early !== undefined) acknowledge(what);
  await work;
  if (early === undefined) acknowledge(what);
}

const log = await openEmbeddedEventLog({ directory: join(directory, 'data', 'event-log') });
const store = await openEmbeddedViewStore({ directory: join(directory, 'data', 'views', 'team') });
for (const { topic, partitions } of topics) await log.createTopic(topic, { partitions });
await store.createTables(tables);
acknowledge('ready');
const checkpoint = await store.takeOver(subscription, 0);

const append = (id: number): Promise<void> =>
  acknowledged(
    `append ${id}`,
    log.append(topicsOf(id).map((topic) => ({ topic, key: `key-${id % 7}`, id: String(id), bytes: bytesOf(id) }))),
  );

/** Rows of two tables and the checkpoint, some rows under names that were there before. */
const write = (ordinal: number): Promise<void> =>
  acknowledged(
    `write ${ordinal}`,
    store.write(
      tables.flatMap((table) => [
        {
          kind: 'put' as const,
          table,
          partition: 'one',
          key: String(ordinal),
          timestamp: ordinal,
          value: { text: textOf(ordinal) },
        },
        { kind: 'put' as const, table, partition: 'latest', key: 'latest', timestamp: ordinal, value: { ordinal } },
      ]),
      { checkpoints: [{ ...checkpoint, position: String(ordinal), ordinal }] },
    ),
  );

const decide = (version: number): Promise<void> =>
  acknowledged(
    `stream ${version}`,
    store.appendToStream({
      ...{ stream, expectedVersion: version - 1, fence: 0, commandId: `command-${version}`, result: { version } },
      events: [{ id: `event-${version}`, type: 'CaseNoted', data: { text: textOf(version) } }],
    }),
  );

let id = 0;
for (let round = 1; round <= Number(rounds); round++) {
  // Some at once, so that they share a commit.
  const appends = Array.from({ length: 1 + (round % 4) }, () => append(++id));
  await Promise.all([...appends, write(round), decide(round)]);
}
closeSync(acknowledgements);
await log.close();
await store.close();
