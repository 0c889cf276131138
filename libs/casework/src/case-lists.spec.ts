import { describe, expect, it } from '@jest/globals';
import type { RingsideEvent } from '@ringside/events';
import { aReport, play, progressed } from '@ringside/testing';

import { caseFiles } from './case-files.js';
import { duePartitions, listPartitions, listShards, type DueKind, type ListFilter, type ListOrder } from './case-lists.js';
import { caseIdOf } from './case-rules.js';
import { caseId, of, rules } from './cheating-case.fixture.js';

const filed = aReport({ filedAt: '2026-01-31T09:00:00.000Z' });
const claim = { by: 'worker 1/ä', until: '2026-01-31T13:00:00.000Z' };

/** The keys that whoever reads these partitions finds. */
const keysIn = (partitions: readonly string[], events: readonly RingsideEvent[]): readonly string[] =>
  [...play([caseFiles(rules)], events).keys()].flatMap((name) =>
    partitions.flatMap((partition) => {
      const prefix = `case_lists/${partition}/`;
      return name.startsWith(prefix) ? [name.slice(prefix.length)] : [];
    }),
  );
const caseIdsIn = (partitions: readonly string[], events: readonly RingsideEvent[]): readonly string[] =>
  keysIn(partitions, events).map((key) => key.split('/').at(-1)!);

const orders: readonly ListOrder[] = ['time', 'priority'];

describe('whoever reads a list', () => {
  it.each<[ListFilter]>([
    [{ by: 'all' }],
    [{ by: 'game', value: 'stormfall' }],
    [{ by: 'reason', value: 'aimbot' }],
    [{ by: 'assignee', value: claim.by }],
  ])('%j finds the case in it, in each order, and in that of its status alone', (filter) => {
    const events = [filed, progressed(of, { claim })];
    for (const order of orders) {
      expect(caseIdsIn(listPartitions('claimed', filter, order), events)).toEqual([caseId]);
      expect(caseIdsIn(listPartitions('open', filter, order), events)).toEqual([]);
      const isOpenToo = filter.by === 'assignee' ? [] : [caseId];
      expect(caseIdsIn(listPartitions('open', filter, order), [filed])).toEqual(isOpenToo);
    }
  });

  it('finds nothing in those of other games, reasons and people', () => {
    const events = [filed, progressed(of, { claim })];
    for (const by of ['game', 'reason', 'assignee'] as const)
      expect(caseIdsIn(listPartitions('claimed', { by, value: 'other' }, 'time'), events)).toEqual([]);
  });

  it('finds cases that nobody told apart by their names, however long these are', () => {
    for (const game of ['g'.repeat(127), 'g'.repeat(128), '字'.repeat(128), '%/字']) {
      const events = [aReport({ game }), aReport({ game: `${game.slice(1)}x` })];
      const partitions = listPartitions('open', { by: 'game', value: game }, 'time');
      expect(caseIdsIn(partitions, events)).toEqual([caseIdOf('cheating', game, 'subject-1')]);
      for (const partition of partitions) expect(partition.length).toBeLessThan(160);
    }
    expect(listPartitions('open', { by: 'game', value: 'g'.repeat(128) }, 'time')[0]).toContain('g'.repeat(128));
  });

  it('finds all cases in its shards, and some in each', () => {
    const events = Array.from({ length: 60 }, (_, i) => aReport({ subjectId: `subject-${i}` }));
    const shards = listPartitions('open', { by: 'all' }, 'time');
    expect(new Set(shards).size).toBe(listShards);
    expect(caseIdsIn(shards, events)).toHaveLength(60);
    for (const shard of shards) expect(caseIdsIn([shard], events).length).toBeGreaterThan(0);
  });
});

describe('what is due', () => {
  const proposed = (caseVersion: number, decidedAt: string, state = 'proposed' as const) =>
    progressed(of, { caseVersion, decision: { decisionId: `${caseId}.${caseVersion}`, state, decidedAt } });

  it.each<[DueKind, string, readonly RingsideEvent[]]>([
    ['acknowledge', '2026-01-31T21:00:00.000Z', [filed]],
    ['decide', '2026-02-01T09:00:00.000Z', [filed]],
    ['lease', claim.until, [filed, progressed(of, { claim })]],
    ['proposal', '2026-01-31T10:00:00.000Z', [filed, proposed(1, '2026-01-31T10:00:00.000Z')]],
  ])('%s is in its list, by its time', (kind, at, events) => {
    expect(keysIn(duePartitions(kind), events)).toEqual([`${at}/${caseId}`]);
    expect(keysIn(duePartitions(kind), [])).toEqual([]);
  });

  it('is nothing of the deadlines while the case is on hold, and of what nobody holds or proposed', () => {
    const held = [filed, progressed(of, { heldSince: '2026-01-31T10:00:00.000Z' })];
    for (const kind of ['acknowledge', 'decide', 'lease', 'proposal'] as const)
      expect(keysIn(duePartitions(kind), held)).toEqual([]);
  });

  it('is of several proposals the first that waits', () => {
    const [early, late] = ['2026-01-31T10:00:00.000Z', '2026-01-31T11:00:00.000Z'];
    const made = { caseVersion: 3, decision: { decisionId: `${caseId}.3`, decidedAt: '2026-01-31T08:00:00.000Z' } };
    for (const events of [
      [proposed(1, early), proposed(2, late)],
      [proposed(1, late), proposed(2, early)],
    ]) {
      const all = [filed, ...events, progressed(of, made)];
      expect(keysIn(duePartitions('proposal'), all)).toEqual([`${early}/${caseId}`]);
    }
  });
});
