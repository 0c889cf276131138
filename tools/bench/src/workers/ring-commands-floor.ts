import type { StreamAppend } from '@ringside/view-store';
import { openCqlViewStore } from '@ringside/view-store-cql';
import cassandra from 'cassandra-driver';

import { byCallers } from '../callers.js';
import { measured } from '../measurement.js';
import { keptAppends } from '../recorded-appends.js';
import type { RingCommandsInput } from '../rows/ring-commands.js';
import { workerMain } from '../worker-process.js';

const { consistencies, distance } = cassandra.types;
const versionParam = (version: number): bigint | null => (version === 0 ? null : BigInt(version));

/** The statements of the driver, word for word, but for the keyspace. */
function bareBatch({ stream, expectedVersion, commandId, events, result }: StreamAppend) {
  const version = expectedVersion + events.length;
  return [
    {
      query: 'UPDATE "_streams" SET version = ? WHERE stream = ? IF version = ? AND fence = ?',
      params: [versionParam(version), stream, versionParam(expectedVersion), null],
    },
    {
      query:
        'INSERT INTO "_streams" (stream, kind, number, id, body, led_to, attempt) VALUES (?, ?, ?, ?, ?, ?, ?) IF NOT EXISTS',
      params: [stream, 0, 0n, commandId, JSON.stringify(result), BigInt(version), commandId],
    },
    ...events.map(({ id, type, data }, i) => ({
      query: 'INSERT INTO "_streams" (stream, kind, number, id, type, body) VALUES (?, ?, ?, ?, ?, ?)',
      params: [stream, 1, BigInt(expectedVersion + i + 1), id, type, JSON.stringify(data)],
    })),
  ];
}

await workerMain(async ({ filled, viewStoreUrl, name, callers, warmUp }: RingCommandsInput) => {
  // For its tables.
  await (await openCqlViewStore(viewStoreUrl, { name })).close();

  const { host, pathname } = new URL(viewStoreUrl.replace('cql:', 'http:'));
  const client = new cassandra.Client({
    contactPoints: [host],
    localDataCenter: 'datacenter1',
    keyspace: `${pathname.slice(1)}_${name}`,
    pooling: { coreConnectionsPerHost: { [distance.local]: 2 }, maxRequestsPerConnection: 1_024, warmup: true },
    queryOptions: { consistency: consistencies.localQuorum, serialConsistency: consistencies.localSerial, prepare: true },
    encoding: { useBigIntAsLong: true },
  });
  await client.connect();
  const batches = keptAppends(filled).map(bareBatch);
  const append = async (batch: ReturnType<typeof bareBatch>): Promise<void> => {
    const row = (await client.batch(batch, { prepare: true, logged: false })).first();
    if (row.get('[applied]') !== true) throw new Error('A version was not the expected one.');
  };
  const measuredOnes = batches.slice(warmUp);
  await byCallers(callers, warmUp, (i) => append(batches[i]!));
  const measurement = await measured(measuredOnes.length, () =>
    byCallers(callers, measuredOnes.length, (i) => append(measuredOnes[i]!)),
  );
  const query = 'SELECT COUNT(*) AS events FROM "_streams" WHERE kind = 1 ALLOW FILTERING';
  const stored = Number((await client.execute(query, [], { readTimeout: 60_000 })).first().get('events'));
  await client.shutdown();
  return { ...measurement, stored };
});
