import { expect, it } from '@jest/globals';
import type { Membership } from './membership.js';
import type { Reader } from './reader.js';
import { openSubscription } from './subscription.js';
import { createWakeups } from '@ringside/event-log';

it('closes at the second attempt where the first one failed', async () => {
  let attempts = 0;
  const membership: Membership = {
    join: async () => undefined,
    leave: async () => {
      if (++attempts === 1) throw new Error('disk full');
    },
    acknowledged: () => undefined,
    beat: async () => undefined,
    isCurrent: () => true,
    stop: () => undefined,
  };
  const closed: unknown[] = [];
  const subscription = await openSubscription({
    id: 'consumer',
    topic: 'topic',
    subscription: 'team',
    partitions: 1,
    reader: {} as Reader,
    refresh: () => undefined,
    membership,
    wakeups: createWakeups(),
    onClosed: (which) => closed.push(which),
  });
  await expect(subscription.close()).rejects.toThrow('disk full');
  expect(await subscription.receive({ recordsMax: 1, waitMsMax: 0 })).toEqual([]);
  expect(closed).toEqual([]);
  await Promise.all([subscription.close(), subscription.close()]);
  expect(closed).toEqual([subscription]);
  expect(attempts).toBe(2);
});
