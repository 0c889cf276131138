import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type CursorFile, openCursorFile } from './cursor-file.js';
import type { Held } from './lease.js';
import { createMembership, type Participant } from './membership.js';

const partitions = 8;
let directory: string;
let file: CursorFile;
let failing: boolean;

beforeEach(async () => {
  failing = false;
  directory = mkdtempSync(join(tmpdir(), 'ringside-membership-'));
  file = await openCursorFile(directory, 10_000);
  await file.environment.write(() => {
    for (let partition = 0; partition < partitions; partition++) {
      file.cursors.put(['topic', 'team', partition], { next: 0, epoch: 0, owner: null, expiresAt: 0 });
    }
  });
});

afterEach(async () => {
  await file.environment.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Takes no write while `failing`. */
const onFullDisk = (): CursorFile => ({
  ...file,
  environment: {
    ...file.environment,
    write: (work) => (failing ? Promise.reject(new Error('disk full')) : file.environment.write(work)),
  },
});

function participant(id: string): Participant {
  const held = new Map<number, Held>();
  return {
    id,
    topic: 'topic',
    subscription: 'team',
    partitions,
    held,
    apply: ({ gained, lost }) => {
      for (const partition of lost) held.delete(partition);
      for (const { partition, row } of gained) {
        held.set(partition, { assignment: 1, epoch: row.epoch, next: row.next, acknowledged: row.next, flushed: row.next });
      }
    },
  };
}

describe('a join whose heartbeat fails', () => {
  it('leaves nobody behind who would take partitions without reading them', async () => {
    const nothing = (): void => undefined;
    const membership = createMembership({
      file: onFullDisk(),
      clock: Date.now,
      leaseMs: 3_000,
      onWarning: nothing,
      onChanged: nothing,
    });
    failing = true;
    await expect(membership.join(participant('first'))).rejects.toThrow('disk full');
    failing = false;
    const second = participant('second');
    await membership.join(second);
    expect(second.held.size).toBe(partitions);
    membership.stop();
  });
});
