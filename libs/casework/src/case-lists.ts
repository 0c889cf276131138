import { naturalId } from '@ringside/core';

import type { CaseFile, CaseStatus } from './case-file.js';
import type { CaseRules } from './case-rules.js';
import { priorityOf } from './priority.js';

export type ListOrder = 'time' | 'priority';
/** Which cases a list holds: all of a status, or those of one game or with one reason. */
export type ListFilter = { readonly by: 'all' } | { readonly by: 'game' | 'reason'; readonly value: string };

/**
 * Each list is spread over this many partitions, by case. One list of a large game's open cases (700,000 of about 200
 * bytes) would be a partition of 140 MB; the pages of the shards are merged on read, so more of them make reading slower.
 */
export const listShards = 4;

/** A case id is a hash already: its first character spreads the cases nearly evenly (15 to 18 of 64 characters a shard). */
const shardOf = (caseId: string): number => caseId.charCodeAt(0) % listShards;

export function listPartitions(status: CaseStatus, filter: ListFilter, order: ListOrder): readonly string[] {
  return Array.from({ length: listShards }, (_, shard) => listPartition(status, filter, order, shard));
}

const plainNameCharactersMax = 128;

/** Readable where it can be; a long one in another script would be several times as long when encoded, so its hash stands for it. */
function nameOf(value: string): string {
  const encoded = encodeURIComponent(value);
  return encoded.length <= plainNameCharactersMax ? encoded : naturalId('list', value);
}

function listPartition(status: CaseStatus, filter: ListFilter, order: ListOrder, shard: number): string {
  const name = filter.by === 'all' ? 'all' : `${filter.by}=${nameOf(filter.value)}`;
  return `${status}/${name}/${order}/${shard}`;
}

const scoreMax = 999_999;

/** Sorts ascending: the highest score first, and of the same score the case that waits longest. */
const priorityKey = (file: CaseFile, rules: CaseRules): string =>
  `${String(scoreMax - Math.min(scoreMax, priorityOf(file, rules).score)).padStart(6, '0')}/${timeKey(file)}`;

const timeKey = (file: CaseFile): string => `${file.openedAt}/${file.caseId}`;

/** What decides where the lists hold a case: two states with the same answer are at the same places. */
export const placingOf = (file: CaseFile, rules: CaseRules): string =>
  `${file.status} ${priorityKey(file, rules)} ${Object.keys(file.reasons).join(' ')}`;

export interface ListPlace {
  readonly partition: string;
  readonly key: string;
}

/** Every place at which the lists hold this case. */
export function placesInLists(file: CaseFile, rules: CaseRules): readonly ListPlace[] {
  const shard = shardOf(file.caseId);
  const filters: ListFilter[] = [
    { by: 'all' },
    { by: 'game', value: file.game },
    ...Object.keys(file.reasons).map((value) => ({ by: 'reason' as const, value })),
  ];
  const keys = { time: timeKey(file), priority: priorityKey(file, rules) };
  return filters.flatMap((filter) =>
    (['time', 'priority'] as const).map((order) => ({
      partition: listPartition(file.status, filter, order, shard),
      key: keys[order],
    })),
  );
}
