import { beforeEach, describe, expect, it } from '@jest/globals';
import { standalone } from '@ringside/data-ring';
import { UnavailableError, type JsonObject, type Projection, type RowKey } from '@ringside/core';
import type { RingsideEvent } from '@ringside/events';
import { aReport } from '@ringside/testing';
import type { Row } from '@ringside/view-store';

import type { PlacedSubscriber } from './placed-subscriber.js';
import { BatchProjector } from './project-batch.js';
import type { ViewRows } from './view-rows.js';

const inSubject = (subjectId: string, key: string): RowKey => ({ table: 'subjects', partition: subjectId, key });

/** Counts the reports of a subject, and of each reporter: whose row it asks for as it goes. */
const counting: Projection<RingsideEvent> = {
  name: 'Counting',
  tables: ['subjects'],
  entity: (event) => (event.type === 'ReportFiled' ? inSubject(event.data.subjectId, 'all') : undefined),
  project: (event, rows) => {
    if (event.type !== 'ReportFiled') return [];
    const { subjectId, reporterId } = event.data;
    return ['all', reporterId].map((key) => {
      const row = inSubject(subjectId, key);
      return { kind: 'put', ...row, value: { reports: Number(rows.get(row)?.['reports'] ?? 0) + 1 } };
    });
  },
};

const reporterOf = (event: RingsideEvent): readonly RowKey[] =>
  event.type === 'ReportFiled' ? [inSubject(event.data.subjectId, event.data.reporterId)] : [];

const unable = (): never => {
  throw new Error('cannot say');
};

const subscriber: PlacedSubscriber = {
  placement: standalone('local'),
  name: 'test-team',
  topics: ['reports'],
  projections: [counting],
  reactions: [],
};

describe('a write that comes late, of whoever had the partition before', () => {
  let stored: Map<string, Row>;
  let landing: (() => void) | undefined;

  const put = (key: string, value: JsonObject, timestamp: number): unknown =>
    stored.set(key, { partition: 'a', key, value, timestamp });

  /** Rows of the subject "a", on a store of which nothing is whole but what is asked for at once. */
  const views: ViewRows = {
    physical: (table) => table,
    getMany: async (rows) => {
      const found = rows.map(({ key }) => stored.get(key));
      landing?.();
      landing = undefined;
      return found;
    },
  };

  beforeEach(() => {
    stored = new Map();
    landing = undefined;
    put('all', { reports: 3 }, 6);
    put('casey', { reports: 2 }, 6);
  });

  const report = aReport({ subjectId: 'a', reporterId: 'casey' });
  const project = async (): Promise<unknown> => {
    const projector = new BatchProjector(subscriber, views);
    await projector.fetch([report]);
    await projector.project({ event: report, source: 'reports/0', ordinal: 7 });
    const { rows, last } = await projector.writes();
    return Object.fromEntries([...rows, ...last].map((row) => [row.key, row.kind === 'put' ? row.value['reports'] : null]));
  };

  it('is not taken for the state before the event because it landed between two reads', async () => {
    landing = () => {
      put('all', { reports: 4 }, 7);
      put('casey', { reports: 3 }, 7);
    };
    await expect(project()).rejects.toBeInstanceOf(UnavailableError);
    expect(await project()).toEqual({}); // the views contain it
  });

  it('is noticed where there is more to read of a subject than is of one state', async () => {
    const reports = Array.from({ length: 101 }, (_, i) => aReport({ subjectId: 'a', reporterId: `reporter-${i}` }));
    const naming = { ...subscriber, projections: [{ ...counting, reads: reporterOf }] };
    landing = () => put('all', { reports: 4 }, 7);
    await expect(new BatchProjector(naming, views).fetch(reports)).rejects.toBeInstanceOf(UnavailableError);
    await new BatchProjector(naming, views).fetch(reports);
  });

  it('is not suspected where another event could not name its rows: what it would have read was never loaded', async () => {
    const unclear = aReport({ subjectId: 'a', reporterId: 'nobody' });
    const torn: Projection<RingsideEvent> = {
      ...counting,
      name: 'Torn',
      entity: (event) => (event === unclear ? inSubject('a', 'torn') : undefined),
      reads: unable,
    };
    put('torn', {}, 6);
    const projector = new BatchProjector({ ...subscriber, projections: [counting, torn] }, views);
    await projector.fetch([unclear, report]);
    expect(() => projector.project({ event: unclear, source: 'reports/0', ordinal: 7 })).toThrow('cannot say');
    expect(await projector.project({ event: report, source: 'reports/0', ordinal: 8 })).toBe('projected');
  });

  it('concerns nobody where it was of another subject', async () => {
    landing = () => stored.set('of another', { partition: 'b', key: 'all', value: {}, timestamp: 7 });
    expect(await project()).toEqual({ all: 4, casey: 3 });
  });
});
