import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { CodedError, type JsonObject, type RowKey } from '@ringside/core';
import type { EventLog } from '@ringside/event-log';

import { watermarkOf, type Rebuild, type Watermark } from './rebuild.js';
import type { PlacedSubscriber } from './placed-subscriber.js';
import type { Views } from './views.js';

/** A row that the live and the rebuilt views do not have alike. */
export interface RowDifference extends RowKey {
  readonly kind: 'only live' | 'only rebuilt' | 'differs' | 'damaged';
  /** Names of the fields that differ; never what is in them, which may be personal. */
  readonly fields: readonly string[];
}

/** The live views moved whenever they were looked at. */
export class ParityUnsettledError extends CodedError {
  readonly code = 'parity_unsettled';

  constructor() {
    super('The live views never stood still for as long as it takes to read a few rows: try again when fewer events come.');
  }
}

export interface Compared {
  readonly subscriber: PlacedSubscriber;
  readonly log: EventLog;
  readonly live: Views;
  readonly rebuilt: Views;
  readonly rebuild: Rebuild;
}

/** Rows by a name that they have in both generations. */
export type Snapshot = ReadonlyMap<string, { readonly row: RowKey; readonly value: JsonObject }>;

/** A difference that is one is still there after so many looks; the time in between lets writes under way come to their end. */
const looks = { max: 8, waitMs: 25 };
/** How often the live checkpoints may move while rows are read, before it is given up. */
const movedMax = 500;

/**
 * Compares a few rows at one watermark while the live views go on: these are read between two looks at the live checkpoints
 * that find the same, then the rebuild advances to just there, and the same rows are read from it.
 *
 * A driver without atomic writes, or a batch of which something is parked, leaves live rows ahead of their checkpoint for a
 * moment. So a row differs if it does at every one of several looks, or at one for which the live views had no event left to
 * process.
 */
export async function settle(compared: Compared, read: (views: Views) => Promise<Snapshot>): Promise<readonly RowDifference[]> {
  let { found, isStill } = await lookAt(compared, read);
  for (let look = 1; look < looks.max && found.size > 0 && !isStill; look++) {
    await sleep(looks.waitMs);
    const again = await lookAt(compared, read);
    found = new Map([...again.found].filter(([name]) => found.has(name)));
    isStill = again.isStill;
  }
  return [...found.values()];
}

interface Look {
  readonly found: ReadonlyMap<string, RowDifference>;
  /** The live views contained the whole log. */
  readonly isStill: boolean;
}

async function lookAt(compared: Compared, read: (views: Views) => Promise<Snapshot>): Promise<Look> {
  const { subscriber, live, rebuilt, rebuild } = compared;
  for (let moved = 0; moved < movedMax; moved++) {
    const before = await watermarkOf(live, subscriber);
    const ofLive = await read(live);
    if (!sameWatermark(before, await watermarkOf(live, subscriber))) {
      await sleep(moved % 10);
      continue;
    }
    await rebuild.advance(before);
    const found = differencesOf(ofLive, await read(rebuilt));
    return { found, isStill: found.size > 0 && (await containsTheLog(before, compared)) };
  }
  throw new ParityUnsettledError();
}

async function containsTheLog(watermark: Watermark, { subscriber, log }: Compared): Promise<boolean> {
  for (const topic of subscriber.topics) {
    const positions = new Map(watermark.filter((one) => one.topic === topic).map((one) => [one.partition, one.position]));
    for (const { partition, head } of await log.heads(topic)) {
      if (head !== null && head > (positions.get(partition) ?? '')) return false;
    }
  }
  return true;
}

const sameWatermark = (a: Watermark, b: Watermark): boolean => isDeepStrictEqual(a, b);

function differencesOf(live: Snapshot, rebuilt: Snapshot): ReadonlyMap<string, RowDifference> {
  const found = new Map<string, RowDifference>();
  for (const name of new Set([...live.keys(), ...rebuilt.keys()])) {
    const [left, right] = [live.get(name), rebuilt.get(name)];
    if (isDeepStrictEqual(left?.value, right?.value)) continue;
    const { row } = (left ?? right)!;
    const kind = right === undefined ? 'only live' : left === undefined ? 'only rebuilt' : 'differs';
    found.set(name, { ...row, kind, fields: kind === 'differs' ? differingFields(left!.value, right!.value) : [] });
  }
  return found;
}

const differingFields = (a: JsonObject, b: JsonObject): readonly string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((field) => !isDeepStrictEqual(a[field], b[field]));
