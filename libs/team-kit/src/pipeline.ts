import { UnavailableError } from '@ringside/core';
import type { EventLog, StoredRecord } from '@ringside/event-log';
import { decodeEvent, toRecord, type RingsideEvent } from '@ringside/events';
import type { RowWrite } from '@ringside/view-store';

import type { Observer } from './observer.js';
import { unparkWrite, type ParkedEvent, type Parking, type ParkReason } from './parking.js';
import { BatchProjector, type ProjectOutcome, type StagedRows } from './project-batch.js';
import { untilAvailable, withAttempts } from './retry.js';
import { sourceOf } from './sessions.js';
import type { Reaction, Subscriber } from './subscriber.js';
import type { Views } from './views.js';

/** One record on its way through: fresh from the log, or parked before. */
export interface Item {
  readonly record: StoredRecord;
  /** The timestamp of what it writes. */
  readonly ordinal: number;
  readonly wasParked?: ParkedEvent;
}

export interface Done {
  readonly item: Item;
  readonly event: RingsideEvent;
  readonly outcome: ProjectOutcome;
}

export interface Projected extends StagedRows {
  /** Parked events that are so no longer. To be written when everything that they led to is there. */
  readonly unparked: readonly RowWrite[];
  readonly done: readonly Done[];
  readonly parked: readonly (Parking & { readonly item: Item })[];
}

export interface Pipeline {
  readonly subscriber: Subscriber;
  readonly log: EventLog;
  readonly views: Views;
  readonly observer: Observer;
  readonly region: string;
  /** Aborted on shutdown: nothing is waited for any longer, and what is not on disk stays unacknowledged. */
  readonly signal: AbortSignal;
}

/** Decodes and projects items in their order; `isBlocked` says whether a key's events have to queue. */
export async function project(
  pipeline: Pipeline,
  items: readonly Item[],
  isBlocked: (item: Item) => boolean,
): Promise<Projected> {
  const decoded = items.map((item) => ({ item, result: decodeEvent(item.record.bytes) }));
  const projector = new BatchProjector(pipeline.subscriber, pipeline.views);
  await projector.fetch(decoded.flatMap(({ result }) => (result.ok ? [result.value] : [])));
  const done: Done[] = [];
  const parked: Projected['parked'][number][] = [];
  const blocked = new Set<string>();
  for (const { item, result } of decoded) {
    const name = `${sourceOf(item.record)}/${item.record.key}`;
    const park = (reason: ParkReason, detail: string, reactionOnly = item.wasParked?.reactionOnly ?? false): void => {
      blocked.add(name);
      parked.push({ item, record: item.record, ordinal: item.ordinal, reason, detail, reactionOnly });
    };
    if (blocked.has(name) || isBlocked(item)) park('behind', 'An earlier event of its key is parked.');
    else if (!result.ok) park('malformed', result.error.message);
    else if (item.wasParked?.reactionOnly) done.push({ item, event: result.value, outcome: 'projected' });
    else {
      const at = { event: result.value, source: sourceOf(item.record), ordinal: item.ordinal };
      try {
        done.push({ item, event: result.value, outcome: await attempted(() => projector.project(at), pipeline.signal) });
      } catch (error) {
        if (pipeline.signal.aborted) throw error;
        park('projection', (error as Error).message);
      }
    }
  }
  const unparked = done.flatMap(({ item }) =>
    item.wasParked ? [pipeline.views.addressed(unparkWrite(item.wasParked, item.ordinal))] : [],
  );
  return { ...(await projector.writes()), unparked, done, parked };
}

/** The first try costs no promise: it nearly always succeeds, and this runs for every event. */
function attempted<T>(handle: () => T, signal: AbortSignal): T | Promise<T> {
  try {
    return handle();
  } catch {
    return withAttempts(handle, signal);
  }
}

export const reactionsTo = (subscriber: Subscriber, event: RingsideEvent): readonly Reaction[] =>
  subscriber.reactions.filter((reaction) => reaction.concerns(event));

/** Runs the reactions to what was projected, in order; answers with those to park. */
export async function react(pipeline: Pipeline, done: readonly Done[]): Promise<Projected['parked']> {
  const parked: Projected['parked'][number][] = [];
  const blocked = new Set<string>();
  for (const { item, event, outcome } of done) {
    const reactions = outcome === 'not_captured' ? [] : reactionsTo(pipeline.subscriber, event);
    if (reactions.length === 0) continue;
    const park = (reason: ParkReason, detail: string): void => {
      blocked.add(item.record.key);
      parked.push({ item, record: item.record, ordinal: item.ordinal, reason, detail, reactionOnly: true });
    };
    if (blocked.has(item.record.key)) park('behind', 'An earlier event of its key is parked.');
    else {
      try {
        for (const reaction of reactions) await runReaction(pipeline, reaction, event);
      } catch (error) {
        if (pipeline.signal.aborted || error instanceof UnavailableError) throw error;
        park('reaction', (error as Error).message);
      }
    }
  }
  return parked;
}

async function runReaction(pipeline: Pipeline, reaction: Reaction, event: RingsideEvent): Promise<void> {
  const { log, views, region, subscriber, observer, signal } = pipeline;
  const attempt = (): Promise<unknown> =>
    withAttempts(async () => {
      const events = await reaction.react(event, { views, region, source: subscriber.name });
      if (events.length > 0) await log.append(events.map(toRecord));
    }, signal);
  await untilAvailable(attempt, observer, signal);
}
