import { afterEach, expect, it } from '@jest/globals';
import { isoTime } from '@ringside/core';
import type { ReadOptions, StoredRecord } from '@ringside/event-log';
import type { RingsideEvent } from '@ringside/events';
import { aReport, openTestDrivers, type TestDrivers } from '@ringside/testing';
import { placementOf } from '@ringside/data-ring';
import type { ViewReader } from '@ringside/team-kit';

import { policy } from '../platform-ring.fixture.js';
import { hashOf } from './digest.js';
import { bucketOf, type Holding } from './holdings.js';
import { recordsOf } from './records.js';

let drivers: TestDrivers | undefined;
afterEach(async () => {
  await drivers?.close();
  drivers = undefined;
});

const placement = placementOf(policy, 'eu');
const report = (i: number): RingsideEvent =>
  aReport({ subjectId: 'eu-1', subjectHomeRegion: 'eu', filedAt: isoTime(Date.UTC(2026, 0, 31) + i) });

const holdingOf = ({ id, bytes, partition, position }: StoredRecord, takenAt: number): Holding => ({
  ...{ hash: hashOf(id, bytes), partition, position, takenAt, copies: 0, conflicts: 0 },
});

it('a record is read from where it is, however much the log has taken since the time that it bears', async () => {
  drivers = await openTestDrivers();
  const { log } = drivers;
  await log.createTopic('reports', { partitions: 8 });
  const stored: StoredRecord[] = [];
  const events = Array.from({ length: 6_000 }, (_, i) => report(i));
  for (let i = 0; i < events.length; i += 500) {
    stored.push(...(await log.append(events.slice(i, i + 500).map((event) => placement.recordOf(event)))));
  }
  const wanted = [3, 5_800, 5_999].map((i) => stored[i]!);
  // On Pulsar what comes from another region bears the time of its producer there.
  const rows = new Map(wanted.map((record) => [record.id, holdingOf(record, 0)]));
  const views = {
    getMany: (keys: readonly { readonly key: string }[]) =>
      Promise.resolve(keys.map(({ key }) => ({ key, value: rows.get(key) }))),
  } as unknown as ViewReader;
  let read = 0;
  const counted = {
    ...log,
    async *read(options: ReadOptions) {
      for await (const record of log.read(options)) {
        read++;
        yield record;
      }
    },
  };
  const at = { topic: 'reports', bucket: bucketOf(wanted[0]!.id, wanted[0]!.key) };
  const ids = wanted.map(({ id }) => id);
  const found = await recordsOf({ views, log: counted }, at, ids, { bytesMax: 1_000_000 });
  expect(found.map(({ id }) => id)).toEqual(ids);
  expect(read).toBeLessThan(1_000);
});
