import type { Checkpoint, RowWrite } from '@ringside/view-store';

import { parkWrites, unparkWrites, type ParkedEvent } from './parking.js';
import { react, type Item, type Pipeline, type Projected } from './pipeline.js';
import { untilAvailable } from './retry.js';
import type { Session } from './sessions.js';

export interface Written {
  /** The partition that another process has taken over, if any: no checkpoint of it has moved then. */
  readonly fenced: number | undefined;
  /** What is parked now: by its projection, or by a reaction that failed. */
  readonly parked: Projected['parked'];
}

/**
 * One write where nothing reacts, parks or is parked no longer; else rows, reactions, and then the rest with the checkpoints.
 *
 * The second write stays where the reactions lead to nothing as well. They could be run before it on the rows that are about to be
 * written, but then two processes with reports of one reporter, or one with a new case and one with a sanction of its subject, may
 * each read before the other has written, and what follows from both together would be said by neither.
 */
export async function writeProjected(
  pipeline: Pipeline,
  projected: Projected,
  sessions: readonly Session[],
  checkpoints: readonly Checkpoint[],
): Promise<Written> {
  const { views } = pipeline;
  const { done } = projected;
  const isSimple = projected.parked.length === 0 && !done.some(({ item, reactions }) => item.wasParked || reactions.length > 0);
  if (isSimple) return { fenced: await write(pipeline, projected, checkpoints), parked: [] };
  const standing = sessions.map(({ checkpoint }) => checkpoint);
  const fenced = await write(pipeline, projected, standing);
  if (fenced !== undefined) return { fenced, parked: [] };
  const parked = [...projected.parked, ...(await react(pipeline, done))];
  const stillParked = new Set(parked.map(({ item }) => item));
  const through = new Map<ParkedEvent, Item>();
  for (const { item } of done) if (item.wasParked && !stillParked.has(item)) through.set(item.wasParked, item);
  const parks = parkWrites(views, parked);
  const unparks = unparkWrites(views, [...through.keys()], (one) => through.get(one)!.ordinal);
  const staged = { rows: [...parks.rows, ...unparks.rows], last: [...parks.last, ...unparks.last] };
  return { fenced: await write(pipeline, staged, checkpoints), parked };
}

/** Answers with the partition that another process has taken over, if any. */
export async function write(
  { views, observer, signal }: Pipeline,
  { rows, last = [] }: { readonly rows: readonly RowWrite[]; readonly last?: readonly RowWrite[] },
  checkpoints: readonly Checkpoint[],
): Promise<number | undefined> {
  const outcome = await untilAvailable(() => views.store.write(rows, { last, checkpoints }), observer, signal);
  return outcome.outcome === 'fenced' ? outcome.partition : undefined;
}
