import { concurrently, ok, UnavailableError, type RowKey } from '@ringside/core';
import type { EventLog, StoredRecord } from '@ringside/event-log';
import { decodeEvent, type RingsideEvent } from '@ringside/events';
import type { Row } from '@ringside/view-store';

import { keepsOthersWaiting, whyNotBelieved } from './inbound.js';
import type { Observer } from './observer.js';
import { isBlocking, type ParkedEvent, type Parking, type ParkReason } from './parking.js';
import { BatchProjector, type Gap, type ProjectOutcome } from './project-batch.js';
import { ProjectionAttempts, untilAvailable, withAttempts } from './retry.js';
import type { StagedRows } from './row-cache.js';
import { sourceOf } from './sessions.js';
import { sharedReads } from './shared-reads.js';
import { termsHeard } from './terms-heard.js';
import type { PlacedSubscriber } from './placed-subscriber.js';
import type { Reaction, ReactionContext } from './subscriber.js';
import type { Views } from './views.js';

/** One record on its way through: fresh from the log, or parked before. */
export interface Item {
  readonly record: StoredRecord;
  /** The timestamp of what it writes. */
  readonly ordinal: number;
  readonly wasParked?: ParkedEvent;
  /** An earlier attempt at its batch has parked it: figures of that may be stored, and count without it. */
  readonly isParked?: true;
}

export interface Done {
  readonly item: Item;
  readonly event: RingsideEvent;
  readonly outcome: ProjectOutcome;
  /** What it may lead to. */
  readonly reactions: readonly Reaction[];
}

export interface Projected extends StagedRows {
  /** A row among these, as it is when they are written. A row has events of one source partition for its writers, so it stays that. */
  readonly written: (row: RowKey) => Row | undefined;
  readonly done: readonly Done[];
  readonly parked: readonly (Parking & { readonly item: Item })[];
}

export interface Pipeline {
  readonly subscriber: PlacedSubscriber;
  readonly log: EventLog;
  readonly views: Views;
  readonly observer: Observer;
  /** Aborted on shutdown: nothing is waited for any longer, and what is not on disk stays unacknowledged. */
  readonly signal: AbortSignal;
  /** For one batch, where it begins with other rows than those of the views. */
  readonly projector?: BatchProjector;
}

/** What a batch may wait, in ms, for projections that throw: a fault of the code hits many of its events. */
const projectionWaitsMsMax = 500;

/** Decodes and projects items in their order; `isBlocked` says whether a key's events have to queue. */
export async function project(
  pipeline: Pipeline,
  items: readonly Item[],
  isBlocked: (item: Item) => boolean,
  waitsMsMax: number = projectionWaitsMsMax,
): Promise<Projected> {
  const { placement } = pipeline.subscriber;
  const decoded = items.map((item) => {
    const known = pipeline.subscriber.known?.(item.record);
    const result = known === undefined ? decodeEvent(item.record.bytes) : ok(known);
    return { item, result, refused: whyNotBelieved(placement, item.record, result) };
  });
  const projector = pipeline.projector ?? new BatchProjector(pipeline.subscriber, pipeline.views);
  const believed = decoded.flatMap(({ result, refused }) => (result.ok && refused === undefined ? [result.value] : []));
  await projector.fetch(believed);
  const whyItWaits = await termsHeard(pipeline.subscriber, pipeline.views, believed);
  const attempts = new ProjectionAttempts(waitsMsMax, pipeline.signal);
  const done: Done[] = [];
  const parked: Projected['parked'][number][] = [];
  const blocked = new Set<string>();
  const finish = (item: Item, event: RingsideEvent, outcome: ProjectOutcome): void => {
    done.push({ item, event, outcome, reactions: outcome === 'not_captured' ? [] : reactionsTo(pipeline.subscriber, event) });
  };
  for (const { item, result, refused } of decoded) {
    if (item.isParked) continue;
    const park = (reason: ParkReason, detail: string): void => {
      if (isBlocking(reason)) blocked.add(keyOfSource(item.record));
      parked.push(parking(item, reason, detail, item.wasParked?.reactionOnly ?? false));
    };
    if (refused !== undefined) park('not_allowed', refused);
    else if ((blocked.size > 0 && blocked.has(keyOfSource(item.record))) || isBlocked(item))
      park('behind', 'An earlier event of its key is parked.');
    else if (!result.ok)
      park(keepsOthersWaiting(placement, item.record, result.error) ? 'malformed' : 'gap', result.error.message);
    else if (item.wasParked?.reactionOnly) finish(item, result.value, 'projected');
    else if (whyItWaits(result.value) !== undefined) park('gap', whyItWaits(result.value)!);
    else {
      const { record, ordinal } = item;
      const at = { event: result.value, record, source: sourceOf(record), ordinal };
      try {
        const outcome = await attempts.run<ProjectOutcome | Gap>(() => projector.project(at));
        if (typeof outcome === 'string') finish(item, result.value, outcome);
        else park('gap', outcome.gap);
      } catch (error) {
        if (pipeline.signal.aborted || error instanceof UnavailableError) throw error;
        park('projection', (error as Error).message);
      }
    }
  }
  return { ...(await projector.writes()), written: (row) => projector.writtenRow(row), done, parked };
}

/** Names a key in its source partition. */
const keyOfSource = (record: StoredRecord): string => `${sourceOf(record)}/${record.key}`;

const parking = (item: Item, reason: ParkReason, detail: string, reactionOnly: boolean): Projected['parked'][number] => ({
  item,
  record: item.record,
  ordinal: item.ordinal,
  wasParked: item.wasParked,
  reason,
  detail,
  reactionOnly,
});

/** A reaction that cannot tell whether an event concerns it fails when it is its turn to react. */
export function reactionsTo(subscriber: PlacedSubscriber, event: RingsideEvent): readonly Reaction[] {
  const { placement, reactions } = subscriber;
  if (reactions.length === 0) return reactions;
  const isOwn = placement.tenant === undefined || event.region === placement.region;
  return reactions.flatMap((reaction) => {
    if (!isOwn && reaction.runs !== 'everywhere') return [];
    try {
      return reaction.concerns(event) ? [reaction] : [];
    } catch (error) {
      return [{ ...reaction, react: () => Promise.reject(error as Error) }];
    }
  });
}

/** Keys whose reactions run at the same time. */
const keysAtOnceMax = 50;

/** Runs the reactions to what was projected, of each key in order; answers with those to park, in the order of their events. */
export async function react(
  pipeline: Pipeline,
  { done, written }: Pick<Projected, 'done'> & Partial<Pick<Projected, 'written'>>,
): Promise<Projected['parked']> {
  const ofKeys = new Map<string, Done[]>();
  for (const one of done) {
    if (one.reactions.length === 0) continue;
    const name = keyOfSource(one.item.record);
    const ofKey = ofKeys.get(name);
    if (ofKey === undefined) ofKeys.set(name, [one]);
    else ofKey.push(one);
  }
  const { placement, name: source } = pipeline.subscriber;
  const context = { views: sharedReads(pipeline.views, written), region: placement.region, source };
  const parked = new Map<Item, Projected['parked'][number]>();
  // All that was begun ends before this does: nothing may be left that goes on when the batch comes again.
  await concurrently([...ofKeys.values()], keysAtOnceMax, async (ofKey) => {
    for (const one of await reactToKey(pipeline, context, ofKey)) parked.set(one.item, one);
  });
  return done.flatMap(({ item }) => parked.get(item) ?? []);
}

async function reactToKey(pipeline: Pipeline, context: ReactionContext, ofKey: readonly Done[]): Promise<Projected['parked']> {
  for (const [i, { item, event, reactions }] of ofKey.entries()) {
    try {
      for (const reaction of reactions) await runReaction(pipeline, context, { reaction, event });
    } catch (error) {
      if (pipeline.signal.aborted || error instanceof UnavailableError) throw error;
      const behind = ofKey
        .slice(i + 1)
        .map((one) => parking(one.item, 'behind', 'An earlier event of its key is parked.', true));
      return [parking(item, 'reaction', (error as Error).message, true), ...behind];
    }
  }
  return [];
}

async function runReaction(
  { subscriber, log, observer, signal }: Pipeline,
  context: ReactionContext,
  { reaction, event }: { readonly reaction: Reaction; readonly event: RingsideEvent },
): Promise<void> {
  const attempt = (): Promise<unknown> =>
    withAttempts(async () => {
      const events = await reaction.react(event, context);
      if (events.length > 0) await log.append(events.map((one) => subscriber.placement.recordOf(one)));
    }, signal);
  await untilAvailable(attempt, observer, signal);
}
