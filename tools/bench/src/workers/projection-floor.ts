import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { caseTables } from '@ringside/casework';
import { open, type Database } from 'lmdb';

import { measured } from '../measurement.js';
import { recordedWrites } from '../project-log.js';
import type { ProjectionInput, ProjectionResult } from '../rows/projection.js';
import { workerMain } from '../worker-process.js';
import type { RecordedBatch } from './projection-filling.js';

type Bytes = Database<Buffer, Buffer>;

await workerMain(async ({ filled, directory, events, warmUp }: ProjectionInput): Promise<ProjectionResult> => {
  const root = open<Buffer, Buffer>({
    path: join(directory, 'data.mdb'),
    overlappingSync: false,
    maxDbs: 32,
    encoding: 'binary',
    keyEncoding: 'binary',
  });
  const tables = new Map<string, Bytes>();
  const tableOf = (name: string): Bytes => {
    const table = tables.get(name) ?? root.openDB<Buffer, Buffer>(name, { encoding: 'binary', keyEncoding: 'binary' });
    tables.set(name, table);
    return table;
  };
  const recorded = JSON.parse(readFileSync(recordedWrites(filled), 'utf8')) as readonly RecordedBatch[];
  const batches = recorded.map(({ events, rows }) => ({
    events,
    rows: rows.map(([table, key, value]) => ({
      table: tableOf(table),
      key: Buffer.from(key, 'base64'),
      value: value === null ? undefined : Buffer.from(value, 'base64'),
    })),
  }));
  const write = async (from: number, to: number): Promise<void> => {
    for (const { rows } of batches.slice(from, to)) {
      await root.transaction(() => {
        for (const { table, key, value } of rows) {
          if (value === undefined) void table.remove(key);
          else void table.put(key, value);
        }
      });
    }
  };
  let first = 0;
  let warm = 0;
  while (warm < warmUp) warm += batches[first++]!.events;
  await write(0, first);
  const measurement = await measured(events - warm, () => write(first, batches.length));
  const timeline = [...tables].find(([name]) => name.startsWith(caseTables.timeline))![1];
  const timelineRows = timeline.getKeysCount();
  await root.close();
  return { ...measurement, timelineRows };
});
