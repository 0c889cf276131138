import { describeEventLogContract } from '@ringside/event-log-contract';
import { openPulsarEventLog, type PulsarEventLog } from './open.js';

/*
 * Against real brokers, whose URLs the run of `npm run test:ring` sets: RINGSIDE_TEST_PULSAR (`pulsar+ws://host:port`) and, where
 * the module `pulsar-client` is installed, RINGSIDE_TEST_PULSAR_NATIVE (`pulsar://host:port?admin=http://host:port`).
 */
function enrol(name: string, variable: string, recordBytesMax: number): void {
  const url = process.env[variable];
  describeEventLogContract(name, {
    ...(url === undefined && { skip: `${variable} names no broker` }),
    capabilities: { atomicAppend: false, recordBytesMax, shared: 'network' },
    deadlineMs: 15_000,
    // Longer than Pulsar takes to begin with a new active consumer, and than who holds a partition stays unknown.
    quietMs: 1_500,
    open: () => openPulsarEventLog({ url: url! }),
    abandon: async (log) => (log as PulsarEventLog).abandon(),
  });
}

enrol('Pulsar over WebSocket', 'RINGSIDE_TEST_PULSAR', 720 * 1024);
enrol('Pulsar through its native client', 'RINGSIDE_TEST_PULSAR_NATIVE', 1024 * 1024);
