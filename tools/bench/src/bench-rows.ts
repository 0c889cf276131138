import type { BenchRow } from './row.js';
import { append } from './rows/append.js';
import { commands } from './rows/commands.js';
import { growth } from './rows/growth.js';
import { idle } from './rows/idle.js';
import { intake, intakeAlone } from './rows/intake.js';
import { latency } from './rows/latency.js';
import { memory } from './rows/memory.js';
import { partitions } from './rows/partitions.js';
import { peerAppend, peerAppendAlone } from './rows/peer-append.js';
import { peerIntake, peerIntakeAlone } from './rows/peer-intake.js';
import { peerProjection, peerRebuild } from './rows/peer-projection.js';
import { projection } from './rows/projection.js';
import { queries } from './rows/queries.js';
import { rebuild } from './rows/rebuild.js';
import { ringAppend } from './rows/ring-append.js';
import { ringCommands } from './rows/ring-commands.js';
import { ringConsume } from './rows/ring-consume.js';
import { ringLatency } from './rows/ring-latency.js';
import { ringWrite } from './rows/ring-write.js';
import { manyWriters } from './rows/writers.js';

/** In the order in which they run and are shown. */
export const rows: readonly BenchRow[] = [
  append,
  intake,
  intakeAlone,
  projection,
  rebuild,
  commands,
  latency,
  idle,
  manyWriters,
  memory,
  queries,
  growth,
  partitions,
];

/** Those that take real servers. */
export const rowsOnRing: readonly BenchRow[] = [ringAppend, ringConsume, ringWrite, ringCommands, ringLatency];

/** Those beside what a user would choose instead: they take packages and servers of their own. */
export const rowsWithPeers: readonly BenchRow[] = [
  peerIntake,
  peerIntakeAlone,
  peerAppend,
  peerAppendAlone,
  peerProjection,
  peerRebuild,
];
