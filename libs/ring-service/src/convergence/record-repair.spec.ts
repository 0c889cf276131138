import { expect, it } from '@jest/globals';
import { uuidv7 } from '@ringside/core';
import { placementOf } from '@ringside/data-ring';
import type { EventLog, NewRecord } from '@ringside/event-log';
import { bySystem, decodeEvent, type RingOperated } from '@ringside/events';

import { policy } from '../platform-ring.fixture.js';
import { repairRecorder } from './record-repair.js';
import type { PeerRound } from './standings.js';

const hour = 3_600_000;

function recording(): { at(now: number, round: Partial<PeerRound>): Promise<void>; readonly recorded: RingOperated['data'][] } {
  let now = 0;
  const recorded: RingOperated['data'][] = [];
  const append = (records: readonly NewRecord[]) => {
    for (const { bytes } of records) {
      const read = decodeEvent(bytes);
      if (!read.ok) throw new Error(read.error.message);
      recorded.push((read.value as RingOperated).data);
    }
    return Promise.resolve([]);
  };
  const log = { append } as unknown as EventLog;
  const record = repairRecorder({ log, placement: placementOf(policy, 'eu'), policy }, () => now);
  const nothing: PeerRound = {
    ...{ region: 'us', by: bySystem, startedAt: 1, problem: undefined, topics: [], catchingUp: [] },
    ...{ notSent: new Map(), restored: new Map(), refused: [] },
  };
  return {
    recorded,
    at: (when, round) => {
      now = when;
      return record({ ...nothing, ...round });
    },
  };
}

const refused = [{ id: uuidv7(), topic: 'reports', reason: 'not_json', detail: 'It is no JSON.' }];

it('a peer that sends rubbish in every round is on the record once an hour, and whenever somebody asked', async () => {
  const { recorded, at } = recording();
  for (let now = 0; now < 2 * hour; now += hour / 12) await at(now, { refused });
  expect(recorded).toHaveLength(2);
  await at(1.5 * hour, { refused, region: 'ap' });
  await at(1.5 * hour, { refused, by: 'pat' });
  expect(recorded.slice(2)).toMatchObject([{ by: bySystem }, { by: 'pat' }]);
});

it('says which events were fetched, as far as there is room', async () => {
  const { recorded, at } = recording();
  const ids = Array.from({ length: 40 }, () => uuidv7());
  await at(0, { restored: new Map([['reports', ids]]) });
  expect(recorded[0]!.differences[0]!.live).toBe(`fetched: ${ids.slice(0, 25).join(', ')} and 15 more`);
});
