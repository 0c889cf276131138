import { naturalId, type IsoTime } from '@ringside/core';

import { acknowledgeBy, dueAt, openedAt, type CaseFile, type CaseStatus } from './case-file.js';
import type { CaseRules } from './case-rules.js';
import { urgencyOf } from './priority.js';

export type ListOrder = 'time' | 'priority';
/** Which cases a list holds: all of a status, those of one game or with one reason, or those that somebody has claimed. */
export type ListFilter = { readonly by: 'all' } | { readonly by: 'game' | 'reason' | 'assignee'; readonly value: string };

/**
 * Each list is spread over this many partitions, by case. One list of a large game's open cases (700,000 of about 200
 * bytes) would be a partition of 140 MB; the pages of the shards are merged on read, so more of them make reading slower.
 */
export const listShards = 4;

/** A case id is a hash already: its first character spreads the cases nearly evenly (15 to 18 of 64 characters a shard). */
const shardOf = (caseId: string): number => caseId.charCodeAt(0) % listShards;

const inShards = (partition: (shard: number) => string): readonly string[] =>
  Array.from({ length: listShards }, (_, shard) => partition(shard));

export const listPartitions = (status: CaseStatus, filter: ListFilter, order: ListOrder): readonly string[] =>
  inShards((shard) => listPartition(status, filter, order, shard));

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

/** What the clock brings about: a lease that ends, a deadline, a proposal that nobody answered. Each has a list by its time. */
export type DueKind = 'lease' | 'acknowledge' | 'decide' | 'proposal';

export const duePartitions = (kind: DueKind): readonly string[] => inShards((shard) => `due/${kind}/${shard}`);

/** Sorts ascending: the most urgent first, and of the same urgency the case that waits longest. */
const priorityKey = (file: CaseFile, rules: CaseRules): string => `${urgencyKey(urgencyOf(file, rules))}/${timeKey(file)}`;

const urgencyMax = 9_999;
const urgencyParts = 1_000_000;

/** Digits that sort a higher urgency first. */
const urgencyKey = (urgency: number): string =>
  String(Math.round((urgencyMax - Math.max(-urgencyMax, Math.min(urgencyMax, urgency))) * urgencyParts)).padStart(11, '0');

const timeKey = (file: CaseFile): string => `${openedAt(file)}/${file.caseId}`;

/** What decides where the lists hold a case: two states with the same answer are at the same places. */
export const placingOf = (file: CaseFile, rules: CaseRules): string =>
  `${file.status} ${priorityKey(file, rules)} ${Object.keys(file.reasons).join(' ')} ${file.claim?.by} ${duesOf(file, rules).map(([kind, at]) => kind + at)}`;

export interface ListPlace {
  readonly partition: string;
  readonly key: string;
}

/** Every place at which the lists hold this case. */
export function placesInLists(file: CaseFile, rules: CaseRules): readonly ListPlace[] {
  if (file.firstReportedAt === null) return [];
  const shard = shardOf(file.caseId);
  const filters: ListFilter[] = [
    { by: 'all' },
    { by: 'game', value: file.game },
    ...Object.keys(file.reasons).map((value) => ({ by: 'reason' as const, value })),
    ...(file.status === 'claimed' ? [{ by: 'assignee' as const, value: file.claim!.by }] : []),
  ];
  const keys = { time: timeKey(file), priority: priorityKey(file, rules) };
  return [
    ...filters.flatMap((filter) =>
      (['time', 'priority'] as const).map((order) => ({
        partition: listPartition(file.status, filter, order, shard),
        key: keys[order],
      })),
    ),
    ...duesOf(file, rules).map(([kind, at]) => ({ partition: `due/${kind}/${shard}`, key: `${at}/${file.caseId}` })),
  ];
}

/** While a case is on hold, its deadlines stand still. A proposal is listed by when it was made. */
function duesOf(file: CaseFile, rules: CaseRules): readonly (readonly [DueKind, IsoTime])[] {
  const proposed = Object.values(file.decisions)
    .flatMap(({ state, decidedAt }) => (state === 'proposed' ? [decidedAt] : []))
    .sort();
  const running = file.heldSince === null;
  const dues: readonly (readonly [DueKind, IsoTime | null | undefined])[] = [
    ['lease', file.claim?.until],
    ['acknowledge', running ? acknowledgeBy(file, rules) : null],
    ['decide', running ? dueAt(file, rules) : null],
    ['proposal', proposed[0]],
  ];
  return dues.filter((due): due is [DueKind, IsoTime] => due[1] != null);
}
