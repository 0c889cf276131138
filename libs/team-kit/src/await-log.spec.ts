import { describe, expect, it } from '@jest/globals';
import type { EventLog, PartitionHead } from '@ringside/event-log';
import type { Checkpoint, ViewStore } from '@ringside/view-store';

import { awaitLog } from './await-log.js';
import type { Views } from './views.js';

/** A log and a store with one partition of one topic, which count what they are asked. */
function source() {
  const state = { head: '5', position: '5', headsAsked: 0, checkpointsAsked: 0 };
  const turn = (): Promise<void> => new Promise(setImmediate);
  const log = {
    heads: async () => {
      state.headsAsked += 1;
      const { head } = state;
      await turn();
      return [{ partition: 0, head } as PartitionHead];
    },
  } as unknown as EventLog;
  const store = {
    checkpoints: async () => {
      state.checkpointsAsked += 1;
      await turn();
      return [{ partition: 0, position: state.position } as Checkpoint];
    },
  } as unknown as ViewStore;
  const views = { store, checkpointName: (topic: string) => topic } as unknown as Views;
  return { state, wait: (msMax: number) => awaitLog({ views, log, subscriber: { topics: ['reports'] } }, msMax) };
}

describe('waiting for the log', () => {
  it('asks log and store for all who wait together', async () => {
    const { state, wait } = source();
    expect(await Promise.all(Array.from({ length: 200 }, () => wait(1_000)))).not.toContain(false);
    expect(state.headsAsked).toBe(2);
    expect(state.checkpointsAsked).toBeLessThanOrEqual(4);
  });

  it('waits for what was there when it was asked, though somebody asked before', async () => {
    const { state, wait } = source();
    const before = wait(1_000);
    state.head = '6'; // behind the look of the first
    const after = wait(20);
    expect(await before).toBe(true);
    expect(await after).toBe(false);
    state.position = '6';
    expect(await wait(1_000)).toBe(true);
  });
});
