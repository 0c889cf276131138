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

/** Names of lists made lately: each case is in several of few lists, and asks with every report. */
const recentNames = new Map<string, string>();
const recentNamesMax = 1_000;

/** Readable where it can be; a long one in another script would be several times as long when encoded, so its hash stands for it. */
function nameOf(value: string): string {
  const recent = recentNames.get(value);
  if (recent !== undefined) return recent;
  if (recentNames.size === recentNamesMax) recentNames.clear();
  const encoded = encodeURIComponent(value);
  const name = encoded.length <= plainNameCharactersMax ? encoded : naturalId('list', value);
  recentNames.set(value, name);
  return name;
}

function listPartition(status: CaseStatus, filter: ListFilter, order: ListOrder, shard: number): string {
  const name = filter.by === 'all' ? 'all' : `${filter.by}=${nameOf(filter.value)}`;
  return `${status}/${name}/${order}/${shard}`;
}

/** What the clock brings about: a lease that ends, a deadline, a proposal that nobody answered. Each has a list by its time. */
export type DueKind = 'lease' | 'acknowledge' | 'decide' | 'proposal';

export const duePartitions = (kind: DueKind): readonly string[] => inShards((shard) => `due/${kind}/${shard}`);

const urgencyMax = 9_999;
const urgencyParts = 1_000_000;

/** Digits that sort a higher urgency first; behind them stands the time, so that of the same urgency the case that waits longest does. */
const urgencyKey = (urgency: number): string =>
  String(Math.round((urgencyMax - Math.max(-urgencyMax, Math.min(urgencyMax, urgency))) * urgencyParts)).padStart(11, '0');

const timeKey = (file: CaseFile): string => `${openedAt(file)}/${file.caseId}`;

/** What decides where the lists hold a case. */
interface Placing {
  readonly rules: CaseRules;
  readonly time: string;
  readonly priority: string;
  readonly dues: readonly (readonly [DueKind, IsoTime])[];
  /** Two states of a case with the same one are at the same places. */
  readonly name: string;
  places?: readonly ListPlace[];
}

/** A case as it was before an event is mostly the one that the event before it left. */
const placings = new WeakMap<CaseFile, Placing>();

function placingFor(file: CaseFile, rules: CaseRules): Placing {
  const known = placings.get(file);
  if (known?.rules === rules) return known;
  const time = timeKey(file);
  const priority = `${urgencyKey(urgencyOf(file, rules))}/${time}`;
  const dues = duesOf(file, rules);
  const name = `${file.status} ${priority} ${Object.keys(file.reasons).join(' ')} ${file.claim?.by} ${dues.map(([kind, at]) => kind + at)}`;
  const placing: Placing = { rules, time, priority, dues, name };
  placings.set(file, placing);
  return placing;
}

/** What decides where the lists hold a case: two states with the same answer are at the same places. */
export const placingOf = (file: CaseFile, rules: CaseRules): string => placingFor(file, rules).name;

export interface ListPlace {
  readonly partition: string;
  readonly key: string;
}

/** Every place at which the lists hold this case. */
export function placesInLists(file: CaseFile, rules: CaseRules): readonly ListPlace[] {
  if (file.firstReportedAt === null) return [];
  const placing = placingFor(file, rules);
  return (placing.places ??= placesBy(placing, file));
}

function placesBy(placing: Placing, file: CaseFile): readonly ListPlace[] {
  const { status } = file;
  const shard = shardOf(file.caseId);
  const places: ListPlace[] = [];
  const addBoth = (filter: ListFilter): void => {
    for (const order of ['time', 'priority'] as const) {
      places.push({ partition: listPartition(status, filter, order, shard), key: placing[order] });
    }
  };
  addBoth({ by: 'all' });
  addBoth({ by: 'game', value: file.game });
  for (const value in file.reasons) addBoth({ by: 'reason', value });
  if (status === 'claimed') addBoth({ by: 'assignee', value: file.claim!.by });
  for (const [kind, at] of placing.dues) places.push({ partition: `due/${kind}/${shard}`, key: `${at}/${file.caseId}` });
  return places;
}

/** While a case is on hold, its deadlines stand still. A proposal is listed by when it was made. */
function duesOf(file: CaseFile, rules: CaseRules): readonly (readonly [DueKind, IsoTime])[] {
  const dues: [DueKind, IsoTime][] = [];
  const add = (kind: DueKind, at: IsoTime | null | undefined): void => {
    if (at != null) dues.push([kind, at]);
  };
  const running = file.heldSince === null;
  add('lease', file.claim?.until);
  add('acknowledge', running ? acknowledgeBy(file, rules) : null);
  add('decide', running ? dueAt(file, rules) : null);
  add('proposal', firstProposedAt(file));
  return dues;
}

function firstProposedAt({ decisions }: CaseFile): IsoTime | undefined {
  let first: IsoTime | undefined;
  for (const id in decisions) {
    const { state, decidedAt } = decisions[id]!;
    if (state === 'proposed' && (first === undefined || decidedAt < first)) first = decidedAt;
  }
  return first;
}
