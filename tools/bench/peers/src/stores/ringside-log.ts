import type { NewRecord } from '@ringside/event-log';
import { openEmbeddedEventLog } from '@ringside/event-log-embedded';
import { keyOf, reportsTopic, topicOf, type ReportFiled } from '@ringside/events';

import type { PeerStore, StoreOptions } from '../store.js';

/** Ringside's embedded log in the place of a peer: what is left of a difference when the HTTP server is the same. */
export async function openRingsideLog({ url: directory }: StoreOptions): Promise<PeerStore> {
  const log = await openEmbeddedEventLog({ directory });
  await log.createTopic(reportsTopic.topic, reportsTopic);
  return {
    append: (report) => log.append([recordOf(report)]),
    fill: async (reports) => void (await log.append(reports.map(recordOf))),
    async count() {
      const ids = new Set<string>();
      for (const { partition } of await log.heads(reportsTopic.topic)) {
        for await (const { id } of log.read({ topic: reportsTopic.topic, partition })) ids.add(id);
      }
      return ids.size;
    },
    close: () => log.close(),
  };
}

/** As the peers do it: the event is of the contract by how it was made, and is not validated again. */
const recordOf = (report: ReportFiled): NewRecord => ({
  topic: topicOf(report),
  key: keyOf(report),
  id: report.id,
  bytes: Buffer.from(JSON.stringify(report)),
});
