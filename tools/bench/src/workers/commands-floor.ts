import { join } from 'node:path';
import type { StreamAppend } from '@ringside/view-store';
import { open } from 'lmdb';

import { byCallers } from '../callers.js';
import { measured } from '../measurement.js';
import { keptAppends } from '../recorded-appends.js';
import type { CommandsInput } from '../rows/commands.js';
import { workerMain } from '../worker-process.js';

interface BareAppend {
  readonly expectedVersion: number;
  /** Key and value of each put. The first is the version's. */
  readonly puts: readonly (readonly [key: Buffer, value: Buffer])[];
}

function bareAppend({ stream, expectedVersion, commandId, events, result }: StreamAppend): BareAppend {
  const version = expectedVersion + events.length;
  const put = (key: string, value: string) => [Buffer.from(`${stream}\0${key}`), Buffer.from(value)] as const;
  return {
    expectedVersion,
    puts: [
      put('0', String(version)),
      put(`1${commandId}`, `{"version":${version},"result":${JSON.stringify(result)}}`),
      ...events.map((event, i) => put(`2${String(expectedVersion + i + 1).padStart(6, '0')}`, JSON.stringify(event))),
    ],
  };
}

await workerMain(async ({ filled, directory, callers, warmUp }: CommandsInput) => {
  const table = open<Buffer, Buffer>({
    path: join(directory, 'data.mdb'),
    overlappingSync: false,
    encoding: 'binary',
    keyEncoding: 'binary',
  });
  const appends = keptAppends(filled).map(bareAppend);
  const append = async ({ expectedVersion, puts }: BareAppend): Promise<void> => {
    const appended = await table.transaction(() => {
      const version = table.getBinaryFast(puts[0]![0]);
      if (Number(version?.toString() ?? 0) !== expectedVersion) return false;
      for (const [key, value] of puts) void table.put(key, value);
      return true;
    });
    if (!appended) throw new Error('A version was not the expected one.');
  };
  const measuredOnes = appends.slice(warmUp);
  await byCallers(callers, warmUp, (i) => append(appends[i]!));
  const measurement = await measured(measuredOnes.length, () =>
    byCallers(callers, measuredOnes.length, (i) => append(measuredOnes[i]!)),
  );
  const stored = table.getKeysCount();
  await table.close();
  return { ...measurement, stored };
});
