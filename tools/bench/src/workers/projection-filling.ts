import { writeFileSync } from 'node:fs';
import { openEmbeddedEventLog } from '@ringside/event-log-embedded';
import { reportsTopic, toRecord } from '@ringside/events';
import { subscriberOf } from '@ringside/team-kit';
import type { Checkpoint, RowWrite, ViewStore, WriteOptions } from '@ringside/view-store';
import { openEmbeddedViewStore } from '@ringside/view-store-embedded';

import { findTeam } from '../find-team.js';
import { logDirectory, openProjecting, recordedWrites } from '../project-log.js';
import { keepCalls, type RecordedCall } from '../recorded-calls.js';
import { projectingTeam, type FillingInput } from '../rows/projection.js';
import { sampleReports } from '../sample-reports.js';
import { workerMain } from '../worker-process.js';

/** One transaction of the floor. */
export interface RecordedBatch {
  readonly events: number;
  /** Key and value of each row, null for a removal; base64. */
  readonly rows: readonly (readonly [table: string, key: string, value: string | null])[];
}

const ordinals = new Map<string, number>();

await workerMain(async ({ filled, directory, events, reasons }: FillingInput) => {
  const log = await openEmbeddedEventLog({ directory: logDirectory(filled) });
  await log.createTopic(reportsTopic.topic, reportsTopic);
  const records = sampleReports({ seed: 11, reports: events, reasons }).map(toRecord);
  while (records.length > 0) await log.append(records.splice(0, 500));

  const store = await openEmbeddedViewStore({ directory });
  const batches: RecordedBatch[] = [];
  const calls: RecordedCall[] = [];
  const ahead: RowWrite[] = [];
  const recording = Object.create(store, {
    // As any store gets them: what is said to the embedded one besides is of no concern to the others that replay these calls.
    capabilities: { value: { atomicWrite: false, fencesRows: false } },
    write: {
      value: (rows: readonly RowWrite[], options?: WriteOptions) => {
        const events = eventsIn(options);
        if (events > 0) {
          const all = [...ahead.splice(0), ...rows];
          batches.push({ events, rows: recorded(all, options) });
          calls.push({ events, rows: all, options: { ...options, checkpoints: options!.checkpoints!.filter(isOfViews) } });
        } else if (options?.checkpoints !== undefined) {
          // Where something may react, the rows come first, and the checkpoints move when it has.
          ahead.push(...rows, ...(options.last ?? []));
        } // else it is the pointer to the generation: no batch
        return store.write(rows, options);
      },
    },
  }) as ViewStore;
  const projecting = await openProjecting(subscriberOf((await findTeam(projectingTeam))!), log, recording);
  await projecting.run(events);
  await projecting.close();
  // The subject begins anew: a subscription without a cursor.
  await log.resetCursor(reportsTopic.topic, projecting.runtime.subscriber.name, { at: 'earliest' });
  await store.close();
  await log.close();
  writeFileSync(recordedWrites(filled), JSON.stringify(batches));
  keepCalls(filled, calls);
});

/** A generation's checkpoints. Others say how far events were reacted to. */
function isOfViews({ subscription }: Checkpoint): boolean {
  return /\/g\d+$/.test(subscription);
}

/** By how much the call moves the checkpoints of the views. */
function eventsIn({ checkpoints = [] }: WriteOptions = {}): number {
  let events = 0;
  for (const { subscription, partition, ordinal } of checkpoints.filter(isOfViews)) {
    const name = `${subscription}/${partition}`;
    events += ordinal - (ordinals.get(name) ?? 0);
    ordinals.set(name, ordinal);
  }
  return events;
}

function recorded(rows: readonly RowWrite[], { last = [], checkpoints = [] }: WriteOptions = {}): RecordedBatch['rows'] {
  const base64 = (...parts: readonly (string | Buffer)[]): string =>
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part))).toString('base64');
  return [
    ...[...rows, ...last].map((row) => {
      const timestamp = Buffer.alloc(8);
      timestamp.writeBigUInt64BE(BigInt(row.timestamp));
      const value = row.kind === 'put' ? base64(timestamp, JSON.stringify(row.value)) : null;
      return [row.table, base64(row.partition, '\0', row.key), value] as const;
    }),
    ...checkpoints.map(
      (checkpoint) =>
        [
          'checkpoints',
          base64(`${checkpoint.subscription}/${checkpoint.partition}`),
          base64(JSON.stringify(checkpoint)),
        ] as const,
    ),
  ];
}
