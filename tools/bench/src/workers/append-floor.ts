import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { uuidv7 } from '@ringside/core';
import { open } from 'lmdb';

import { byCallers } from '../callers.js';
import { measured } from '../measurement.js';
import { recordBytes, type AppendFloorInput } from '../rows/append.js';
import { workerMain } from '../worker-process.js';

await workerMain(async ({ directory, callers, events, warmUp, indexesIds }: AppendFloorInput) => {
  const table = open<Buffer, Buffer>({
    path: join(directory, 'data.mdb'),
    overlappingSync: false,
    encoding: 'binary',
    keyEncoding: 'binary',
  });
  const records = table.openDB<Buffer, Buffer>('records', { encoding: 'binary', keyEncoding: 'binary' });
  const ids = table.openDB<Buffer, Buffer>('ids', { encoding: 'binary', keyEncoding: 'binary' });
  const bytes = randomBytes(recordBytes);
  let offset = 0;
  const put = (): Promise<boolean> => {
    const key = Buffer.allocUnsafe(8);
    key.writeBigUInt64BE(BigInt(offset++));
    if (indexesIds) void ids.put(Buffer.from(uuidv7()), key); // in the same transaction, which the caller awaits
    return records.put(key, bytes);
  };
  await byCallers(callers, warmUp, put);
  const measurement = await measured(events, () => byCallers(callers, events, put));
  const stored = records.getKeysCount();
  await table.close();
  return { ...measurement, stored };
});
