import { join } from 'node:path';

import { openEmbeddedEventLog } from '@ringside/event-log-embedded';
import { openEmbeddedViewStore } from '@ringside/view-store-embedded';

import { bytesOf, stream, subscription, tables, textOf, topics, topicsOf, type Acknowledged } from './account.js';

/** Opens what was found on the disk with the real drivers. Answers with what is missing, half there or wrong; none where all is well. */
export async function lookAt(directory: string, acknowledged: readonly Acknowledged[]): Promise<readonly string[]> {
  const numbers = (kind: string): readonly number[] =>
    acknowledged.filter((one) => one.startsWith(kind)).map((one) => Number(one.split(' ')[1]));
  const parts = [
    ['the event log', () => lookAtLog(join(directory, 'data', 'event-log'), numbers('append'))],
    [
      'the view store',
      () =>
        lookAtStore(
          join(directory, 'data', 'views', 'team'),
          Math.max(0, ...numbers('write')),
          Math.max(0, ...numbers('stream')),
        ),
    ],
  ] as const;
  const faults: string[] = [];
  for (const [what, look] of parts) {
    try {
      faults.push(...(await look()));
    } catch (error) {
      faults.push(
        `${what} cannot be used: ${error instanceof Error ? error.message.replaceAll(directory, '...') : String(error)}`,
      );
    }
  }
  return faults;
}

async function lookAtLog(directory: string, acknowledged: readonly number[]): Promise<readonly string[]> {
  const faults: string[] = [];
  const log = await openEmbeddedEventLog({ directory });
  try {
    const found = new Map<number, string[]>();
    for (const { topic, partitions } of await log.topics()) {
      for (let partition = 0; partition < partitions; partition++) {
        for await (const record of log.read({ topic, partition })) {
          const id = Number(record.id);
          if (!bytesOf(id).equals(record.bytes)) faults.push(`record ${id} of ${topic} has other bytes`);
          found.set(id, [...(found.get(id) ?? []), topic]);
        }
      }
    }
    for (const id of acknowledged) if (!found.has(id)) faults.push(`append ${id} was acknowledged and is gone`);
    for (const [id, there] of found) {
      if (there.sort().join() !== [...topicsOf(id)].sort().join()) faults.push(`append ${id} is on ${there.join(', ')} alone`);
    }
    // It has to go on from there.
    for (const { topic, partitions } of topics) await log.createTopic(topic, { partitions });
    const [stored] = await log.append([{ topic: topics[0].topic, key: 'after', id: 'after', bytes: bytesOf(1) }]);
    const partition = stored!.partition;
    let last: string | undefined;
    for await (const { id } of log.read({ topic: topics[0].topic, partition })) last = id;
    if (last !== 'after') faults.push('what is appended afterwards is not there');
  } finally {
    await log.close();
  }
  return faults;
}

async function lookAtStore(directory: string, written: number, decided: number): Promise<readonly string[]> {
  const faults: string[] = [];
  const store = await openEmbeddedViewStore({ directory });
  try {
    const [checkpoint] = await store.checkpoints(subscription);
    const ordinal = checkpoint?.ordinal ?? 0;
    if (ordinal < written) faults.push(`write ${written} was acknowledged, and the checkpoint is at ${ordinal}`);
    const there = await store.tables();
    for (const table of tables) {
      if (ordinal > 0 && !there.includes(table)) faults.push(`the table ${table} is gone`);
      if (!there.includes(table)) continue;
      const rows = new Map<string, { readonly value: unknown }>();
      for await (const row of store.scan(table)) rows.set(row.key, row);
      for (let i = 1; i <= ordinal; i++) {
        const row = rows.get(String(i))?.value as { text?: string } | undefined;
        if (row?.text !== textOf(i)) faults.push(`row ${i} of ${table} is ${row === undefined ? 'gone' : 'another one'}`);
      }
      if (rows.size > (ordinal > 0 ? ordinal + 1 : 0)) faults.push(`${table} has rows that the checkpoint does not know of`);
      const latest = (rows.get('latest')?.value as { ordinal?: number } | undefined)?.ordinal ?? 0;
      if (latest !== ordinal) faults.push(`the latest row of ${table} is of ${latest}, the checkpoint of ${ordinal}`);
    }
    const { version } = await store.streamHead(stream);
    if (version < decided) faults.push(`step ${decided} was acknowledged, and the stream is at ${version}`);
    const events = [];
    for (let page = await store.readStream(stream); page.length > 0; page = await store.readStream(stream, events.length))
      events.push(...page);
    if (events.length !== version) faults.push(`the stream is at ${version} and has ${events.length} events`);
    for (const event of events) {
      if (event.data['text'] !== textOf(event.version)) faults.push(`event ${event.version} of the stream is another one`);
      if ((await store.streamCommand(stream, `command-${event.version}`)) === undefined)
        faults.push(`the command of event ${event.version} is gone`);
    }
    await store.takeOver(subscription, 0);
  } finally {
    await store.close();
  }
  return faults;
}
