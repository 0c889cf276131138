import { caseTables } from '@ringside/casework';
import type { RowWrite } from '@ringside/view-store';
import { openCqlViewStore } from '@ringside/view-store-cql';
import cassandra from 'cassandra-driver';

import { byCallers } from '../callers.js';
import { measured } from '../measurement.js';
import { callsFor, keptCalls, rowsOf, tablesOf } from '../recorded-calls.js';
import type { RingWriteInput, RingWriteResult } from '../rows/ring-write.js';
import { workerMain } from '../worker-process.js';

const { consistencies, distance } = cassandra.types;
const concurrent = 128;

interface BareWrite {
  readonly query: string;
  readonly params: readonly unknown[];
}

function bareWrite({ table, partition, key, ...write }: RowWrite): BareWrite {
  const timestamp = BigInt(write.timestamp);
  if (write.kind === 'delete') {
    const query = `DELETE FROM "${table}" USING TIMESTAMP ? WHERE partition = ? AND key = ?`;
    return { query, params: [timestamp, partition, key] };
  }
  const query = `INSERT INTO "${table}" (partition, key, value) VALUES (?, ?, ?) USING TIMESTAMP ?`;
  return { query, params: [partition, key, JSON.stringify(write.value), timestamp] };
}

await workerMain(async ({ filled, viewStoreUrl, name, events, warmUp }: RingWriteInput): Promise<RingWriteResult> => {
  const calls = keptCalls(filled);
  const store = await openCqlViewStore(viewStoreUrl, { name });
  await store.createTables(tablesOf(calls));
  await store.close();

  const { host, pathname } = new URL(viewStoreUrl.replace('cql:', 'http:'));
  const client = new cassandra.Client({
    contactPoints: [host],
    localDataCenter: 'datacenter1',
    keyspace: `${pathname.slice(1)}_${name}`,
    pooling: { coreConnectionsPerHost: { [distance.local]: 2 }, maxRequestsPerConnection: 1_024, warmup: true },
    queryOptions: { consistency: consistencies.localQuorum, prepare: true },
    encoding: { useBigIntAsLong: true },
  });
  await client.connect();
  const batches = calls.map((call) => rowsOf(call).map(bareWrite));
  const write = async (from: number, to: number): Promise<void> => {
    for (const rows of batches.slice(from, to)) {
      await byCallers(concurrent, rows.length, (i) => client.execute(rows[i]!.query, rows[i]!.params as unknown[]));
    }
  };
  const warm = callsFor(calls, warmUp);
  await write(0, warm.count);
  const measurement = await measured(events - warm.events, () => write(warm.count, batches.length));
  const timeline = tablesOf(calls).find((table) => table.startsWith(caseTables.timeline))!;
  const counted = await client.execute(`SELECT COUNT(*) AS rows FROM "${timeline}"`, [], { readTimeout: 60_000 });
  const timelineRows = Number(counted.first().get('rows'));
  await client.shutdown();
  return { ...measurement, timelineRows };
});
