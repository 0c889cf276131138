import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeEventLogContract } from '@ringside/event-log-contract';
import { type EmbeddedEventLog, openEmbeddedEventLog } from './open.js';

const directory = mkdtempSync(join(tmpdir(), 'ringside-contract-'));

describeEventLogContract('the embedded driver', {
  capabilities: { atomicAppend: true, recordBytesMax: 1024 * 1024, shared: 'process' },
  deadlineMs: 5_000,
  quietMs: 100,
  open: () => openEmbeddedEventLog({ directory, leaseMs: 500 }),
  abandon: async (log) => (log as EmbeddedEventLog).abandon(),
  tearDown: async () => rmSync(directory, { recursive: true, force: true }),
});
