import { join } from 'node:path';

import { openEmbeddedEventLog } from '@ringside/event-log-embedded';
import { openEmbeddedViewStore } from '@ringside/view-store-embedded';

import { stream, subscription, tables, topics } from '../power-loss/account.js';
import { digestOf, type Answer, type Answers } from './answers.js';

/** Where several come of one question, as rows of a list do, each has a digest of its own: so it shows whether some are missing. */
async function ask(answers: Record<string, Answer>, question: string, answer: () => Promise<unknown>): Promise<void> {
  let answered: unknown;
  try {
    answered = await answer();
  } catch (error) {
    answers[question] = { said: error instanceof Error ? error.message : String(error) };
    return;
  }
  const several = Array.isArray(answered) ? answered : answered === undefined ? [] : [answered];
  answers[question] = several.map(digestOf);
}

/** Asks a log and a store, as the workload of the power cuts left them, for all that they have: by key, and by list. */
export async function dump(directory: string, rounds: number): Promise<Answers> {
  const answers: Record<string, Answer> = {};
  await ask(answers, 'log', async () => {
    const log = await openEmbeddedEventLog({ directory: join(directory, 'data', 'event-log') });
    try {
      for (const { topic, partitions } of topics) {
        for (let partition = 0; partition < partitions; partition++) {
          await ask(answers, `log ${topic} ${partition}`, async () => {
            const records = [];
            for await (const { id, bytes, position, key } of log.read({ topic, partition }))
              records.push([id, position, key, digestOf([...bytes])]);
            return records;
          });
        }
        await ask(answers, `heads ${topic}`, () => log.heads(topic));
      }
      await ask(answers, 'topics', () => log.topics());
      return 'open';
    } finally {
      await log.close();
    }
  });
  await ask(answers, 'store', async () => {
    const store = await openEmbeddedViewStore({ directory: join(directory, 'data', 'views', 'team') });
    try {
      for (const table of tables) {
        await ask(answers, `scan ${table}`, async () => {
          const rows = [];
          for await (const row of store.scan(table)) rows.push(row);
          return rows;
        });
        await ask(answers, `page ${table}`, () => store.page(table, 'one', { limit: 1_000 }));
        for (let i = 1; i <= rounds; i++) {
          await ask(answers, `row ${table} ${i}`, () => store.get({ table, partition: 'one', key: String(i) }));
        }
      }
      await ask(answers, 'checkpoints', () => store.checkpoints(subscription));
      await ask(answers, 'head', () => store.streamHead(stream));
      await ask(answers, 'stream', async () => [await store.readStream(stream), await store.readStream(stream, rounds >> 1)]);
      for (let i = 1; i <= rounds; i++) await ask(answers, `command ${i}`, () => store.streamCommand(stream, `command-${i}`));
      await ask(answers, 'tables', () => store.tables());
      return 'open';
    } finally {
      await store.close();
    }
  });
  return answers;
}

process.on('message', ({ directory, rounds }: { directory: string; rounds: number }) => {
  void dump(directory, rounds).then((answers) => process.send!(answers));
});
process.on('disconnect', () => process.exit(0));
