import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { open } from 'lmdb';

import { byCallers } from '../callers.js';
import { measured } from '../measurement.js';
import { recordBytes, type AppendInput } from '../rows/append.js';
import { workerMain } from '../worker-process.js';

await workerMain(async ({ directory, callers, events, warmUp }: AppendInput) => {
  const table = open<Buffer, Buffer>({
    path: join(directory, 'data.mdb'),
    overlappingSync: false,
    encoding: 'binary',
    keyEncoding: 'binary',
  });
  const bytes = randomBytes(recordBytes);
  let offset = 0;
  const put = (): Promise<boolean> => {
    const key = Buffer.allocUnsafe(8);
    key.writeBigUInt64BE(BigInt(offset++));
    return table.put(key, bytes);
  };
  await byCallers(callers, warmUp, put);
  const measurement = await measured(events, () => byCallers(callers, events, put));
  const stored = table.getKeysCount();
  await table.close();
  return { ...measurement, stored };
});
