import { cp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openEventLog } from '@ringside/drivers';

type EventLog = Awaited<ReturnType<typeof openEventLog>>;
type StoredRecord = Awaited<ReturnType<EventLog['append']>>[number];

const appendRecordsMax = 500;

/**
 * Takes an event out of a region's log while nobody uses that, as a careless hand would: it is written anew, with a copy of another
 * record of its partition in the place of each record of the event, so that all others stay where they were. Throws where the event
 * is not there, or alone in its partition.
 */
export async function forgetEvent(dataDirectory: string, topic: string, id: string): Promise<void> {
  const beside = `${dataDirectory}-rewritten`;
  const [log, rewritten] = [
    await openEventLog('embedded:', { dataDirectory }),
    await openEventLog('embedded:', { dataDirectory: beside }),
  ];
  let forgotten = 0;
  for (const one of await log.topics()) {
    await rewritten.createTopic(one.topic, one);
    for (let partition = 0; partition < one.partitions; partition++) {
      const records: StoredRecord[] = [];
      for await (const record of log.read({ topic: one.topic, partition })) records.push(record);
      const isForgotten = (record: StoredRecord): boolean => one.topic === topic && record.id === id;
      const other = records.find((record) => !isForgotten(record));
      for (let i = 0; i < records.length; i += appendRecordsMax) {
        const chunk = records.slice(i, i + appendRecordsMax);
        forgotten += chunk.filter(isForgotten).length;
        await rewritten.append(chunk.map((record) => (isForgotten(record) ? other! : record)));
      }
    }
  }
  await Promise.all([log.close(), rewritten.close()]);
  if (forgotten === 0) throw new Error(`${dataDirectory} has no event ${id} on ${topic}.`);
  await rm(join(beside, 'event-log', 'cursors'), { recursive: true });
  await cp(join(dataDirectory, 'event-log', 'cursors'), join(beside, 'event-log', 'cursors'), { recursive: true });
  await rm(join(dataDirectory, 'event-log'), { recursive: true });
  await rename(join(beside, 'event-log'), join(dataDirectory, 'event-log'));
  await rm(beside, { recursive: true });
}
