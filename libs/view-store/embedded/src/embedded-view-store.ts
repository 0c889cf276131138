import { type Environment, openEnvironment } from '@ringside/lmdb-environment';
import {
  checkName,
  checkReadStream,
  checkStreamAppend,
  checkStreamCommand,
  checkSubscriptionPartition,
  DamagedValueError,
  type ViewStore,
} from '@ringside/view-store';

import { type Checkpoints, openCheckpoints } from './checkpoints.js';
import type { Read } from './read.js';
import { rowCalls } from './row-calls.js';
import { openStreams } from './streams.js';
import { tablesMax } from './tables.js';

export interface EmbeddedViewStoreOptions {
  /** Made where it is missing. Processes of one machine may share it. */
  readonly directory: string;
  /** A commit that takes longer is reported as unavailable, with its outcome unknown. In ms; 10,000 where absent. */
  readonly commitMsMax?: number;
}

/** Sub-databases beside those of the tables. */
const ownTablesMax = 16;

/**
 * The view store in an LMDB file. Throws `StartupError` where the directory cannot be used.
 *
 * Rows and checkpoints of one `write` are one transaction, and on disk before it resolves; calls that come while a commit is
 * under way share the next one. Conditions are checked within the transaction, as other processes write as well.
 *
 * Bounds: `tablesMax` tables at a time; deletions are remembered as `deletionsRememberedMin` says.
 */
export async function openEmbeddedViewStore(options: EmbeddedViewStoreOptions): Promise<ViewStore> {
  const opened = await openEnvironment({ ...options, kind: 'view-store', maxTables: tablesMax + ownTablesMax });
  // What was found damaged stays a complaint of this process: whoever looks after the store has to do something. Writes look at what
  // is there as well, and whoever waits until they succeed says nothing.
  let damage: DamagedValueError | undefined;
  const watched = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (error instanceof DamagedValueError) damage = error;
      throw error;
    }
  };
  const environment: Environment = { ...opened, write: (work, options) => opened.write(() => watched(work), options) };
  const read: Read = (work) =>
    environment.read(() => {
      environment.refresh();
      return watched(work);
    });
  const checkpoints = openCheckpoints(environment);
  return {
    driver: 'embedded',
    capabilities: { atomicWrite: true, fencesRows: true },
    ...rowCalls(environment, read, checkpoints),
    ...checkpointCalls(environment, read, checkpoints),
    ...streamCalls(environment, read),
    health: async () => {
      try {
        read(() => checkpoints.list('health'));
        if (opened.isFailing()) await opened.write(() => undefined);
        return damage === undefined ? { status: 'up' } : { status: 'down', reason: damage.message };
      } catch (error) {
        return { status: 'down', reason: error instanceof Error ? error.message : String(error) };
      }
    },
    close: () => environment.close(),
  };
}

type CheckpointCalls = Pick<ViewStore, 'takeOver' | 'checkpoints' | 'resetCheckpoints'>;

function checkpointCalls(environment: Environment, read: Read, checkpoints: Checkpoints): CheckpointCalls {
  return {
    takeOver: async (subscription, partition) => {
      checkSubscriptionPartition(subscription, partition);
      return environment.write(() => checkpoints.takeOver(subscription, partition));
    },
    checkpoints: async (subscription) => {
      checkName('subscription', subscription);
      return read(() => checkpoints.list(subscription));
    },
    resetCheckpoints: async (subscription) => {
      checkName('subscription', subscription);
      await environment.write(() => checkpoints.reset(subscription));
    },
  };
}

type StreamCalls = Pick<ViewStore, 'appendToStream' | 'streamHead' | 'streamCommand' | 'raiseFence' | 'readStream'>;

function streamCalls(environment: Environment, read: Read): StreamCalls {
  const streams = openStreams(environment);
  return {
    appendToStream: async (append) => {
      checkStreamAppend(append);
      const prepared = streams.prepare(append);
      return environment.write(() => streams.append(prepared));
    },
    streamHead: async (stream) => {
      checkName('stream', stream);
      return read(() => streams.head(stream));
    },
    streamCommand: async (stream, commandId) => {
      checkStreamCommand(stream, commandId);
      return read(() => streams.command(stream, commandId));
    },
    raiseFence: async (stream) => {
      checkName('stream', stream);
      return environment.write(() => streams.raiseFence(stream));
    },
    readStream: async (stream, afterVersion = 0) => {
      checkReadStream(stream, afterVersion);
      return read(() => streams.read(stream, afterVersion));
    },
  };
}
