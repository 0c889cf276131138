import { beforeEach, describe, expect, it } from '@jest/globals';
import { UnavailableError } from '@ringside/core';
import type { EventLog } from '@ringside/event-log';
import { Registry } from 'prom-client';

import { observeBacklog } from './backlog-metrics.js';
import type { PlacedSubscriber } from './placed-subscriber.js';

let registry: Registry;
let asked: string[];
let away: boolean;

beforeEach(() => {
  [registry, asked, away] = [new Registry(), [], false];
  const log = {
    backlog: async (topic: string) => {
      asked.push(topic);
      if (away) throw new UnavailableError('event-log', 'It is away.');
      return [{ partition: 2, cursor: null, backlog: 7, oldestAppendedAt: Date.now() - 60_000 }];
    },
  } as unknown as EventLog;
  observeBacklog({ name: 'team', topics: ['reports', 'commands'] } as unknown as PlacedSubscriber, log, registry);
});

const scrape = async () => {
  const lines = (await registry.metrics()).split('\n');
  const figureOf = (name: string) =>
    Number(lines.find((line) => line.startsWith(`ringside_${name}{topic="reports"`))?.split(' ')[1]);
  return { events: figureOf('subscription_backlog_events'), lagSeconds: Math.floor(figureOf('subscription_lag_seconds')) };
};

describe('the backlog of a subscription', () => {
  it('is shown by events and by age, as of this scrape, for which the log is asked once', async () => {
    expect(await scrape()).toEqual({ events: 7, lagSeconds: 60 });
    expect(asked).toEqual(['reports', 'commands']);
    await scrape();
    expect(asked).toHaveLength(4);
  });

  it('stands as it was last known while the log is away', async () => {
    await scrape();
    away = true;
    expect(await scrape()).toEqual({ events: 7, lagSeconds: 60 });
  });
});
