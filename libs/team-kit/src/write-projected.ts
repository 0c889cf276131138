import type { Checkpoint, RowWrite } from '@ringside/view-store';

import { parkWrites, unparkWrites, type ParkedEvent } from './parking.js';
import { react, type Item, type Pipeline, type Projected } from './pipeline.js';
import type { StagedRows } from './row-cache.js';
import { untilAvailable } from './retry.js';
import { sourceOf, type Reacted, type Session } from './sessions.js';

export interface Written {
  /** The partition that another process has taken over, if any: no checkpoint of it has moved then. */
  readonly fenced: number | undefined;
  /** What is parked now: by its projection, or by a reaction that failed. */
  readonly parked: Projected['parked'];
}

/** What a batch leads to, beside its rows. */
export interface Moves {
  readonly sessions: readonly Session[];
  /** Of these sessions, behind the batch. */
  readonly checkpoints: readonly Checkpoint[];
  /**
   * Nothing may be stored of these sessions that their checkpoints do not have: then whatever a row had before was written with a lower
   * ordinal, and nobody else writes it.
   */
  readonly isSettled: boolean;
  /** Of these sessions, once what the batch leads to is in the log: to be stored with {@link Moves.checkpoints}, or later. */
  readonly reacted: ReadonlyMap<Session, Reacted>;
}

/**
 * One write where nothing is parked, nor was: the reactions come behind it, and that they have run is stored with the next batch. Else
 * rows, reactions, and then the rest with the checkpoints.
 *
 * Reactions never run on rows that are about to be written: two processes with reports of one reporter, or one with a new case and one
 * with a sanction of its subject, might each read before the other has written, and what follows from both together would be said by
 * neither.
 */
export async function writeProjected(pipeline: Pipeline, projected: Projected, moves: Moves): Promise<Written> {
  const isPlain = projected.parked.length === 0 && !projected.done.some(({ item }) => item.wasParked);
  return isPlain ? writeAndReact(pipeline, projected, moves) : reactAndPark(pipeline, projected, moves);
}

async function writeAndReact(pipeline: Pipeline, projected: Projected, moves: Moves): Promise<Written> {
  const { done } = projected;
  const leadsOn = new Set(done.flatMap(({ item, reactions }) => (reactions.length > 0 ? [sourceOf(item.record)] : [])));
  const before = moves.sessions.flatMap((session) => {
    // Where nothing reacts, all is reacted to. Else what was before this batch is: that is known now.
    const reacted = leadsOn.has(sourceOf(session)) ? session.reacted : (moves.reacted.get(session) ?? session.reacted);
    return reacted === undefined || reacted.isStored ? [] : [reacted.checkpoint];
  });
  const { atomicWrite, fencesRows } = pipeline.views.store.capabilities;
  // Where rows are stored in stages, or by whoever has lost the partition, there may be newer ones.
  const staged = moves.isSettled && atomicWrite && fencesRows ? newestOf(projected) : projected;
  const fenced = await write(pipeline, staged, [...moves.checkpoints, ...before]);
  if (fenced !== undefined) return { fenced, parked: [] };
  const parked = leadsOn.size === 0 ? [] : await react(pipeline, projected);
  const reacted = [...moves.reacted].map(
    ([session, one]) => [session, leadsOn.has(sourceOf(session)) ? one : stored(one)] as const,
  );
  const lost = parked.length === 0 ? undefined : await writeReacted(pipeline, reacted, parkWrites(pipeline.views, parked));
  if (parked.length === 0) for (const [session, one] of reacted) session.reacted = one;
  return { fenced: lost, parked };
}

/** The store need not look for what these rows had before; and what came and went within the batch was never there. */
export function newestOf({ rows, last, undone }: StagedRows): Staged {
  const all = [...rows, ...last];
  return { rows: [], newest: undone === undefined || undone.size === 0 ? all : all.filter((row) => !undone.has(row)) };
}

const stored = (reacted: Reacted): Reacted => ({ ...reacted, isStored: true });

/**
 * Stores up to where sessions have reacted, with the rows that say what of it is parked. Answers with the partition that another
 * process has taken over, if any: nothing has changed then.
 */
export async function writeReacted(
  pipeline: Pipeline,
  reacted: readonly (readonly [Session, Reacted])[],
  rows: StagedRows = { rows: [], last: [] },
): Promise<number | undefined> {
  const unstored = reacted.flatMap(([, { checkpoint, isStored }]) => (isStored ? [] : [checkpoint]));
  const fenced = await write(pipeline, rows, unstored);
  if (fenced === undefined) for (const [session, one] of reacted) session.reacted = stored(one);
  return fenced;
}

/**
 * What cannot be projected is parked before the rows of the others are there: their figures count without it, and whoever takes the
 * batch anew, perhaps with a projection that was mended, must not project it under its old number.
 */
async function reactAndPark(pipeline: Pipeline, projected: Projected, moves: Moves): Promise<Written> {
  const { views } = pipeline;
  const { done } = projected;
  const standing = moves.sessions.map(({ checkpoint }) => checkpoint);
  const unprojected = projected.parked.filter(({ item }) => item.wasParked === undefined);
  const fenced =
    (await writeIfAny(pipeline, parkWrites(views, unprojected), standing)) ?? (await write(pipeline, projected, standing));
  if (fenced !== undefined) return { fenced, parked: [] };
  const parked = [...projected.parked, ...(await react(pipeline, projected))];
  const stillParked = new Set(parked.map(({ item }) => item));
  const through = new Map<ParkedEvent, Item>();
  for (const { item } of done) if (item.wasParked && !stillParked.has(item)) through.set(item.wasParked, item);
  const written = new Set(unprojected);
  const parks = parkWrites(
    views,
    parked.filter((one) => !written.has(one)),
  );
  const unparks = unparkWrites(views, [...through.keys()], (one) => through.get(one)!.ordinal);
  const staged = { rows: [...parks.rows, ...unparks.rows], last: [...parks.last, ...unparks.last] };
  const reacted = [...moves.reacted.values()].map(({ checkpoint }) => checkpoint);
  const lost = await write(pipeline, staged, [...moves.checkpoints, ...reacted]);
  if (lost === undefined) for (const [session, one] of moves.reacted) session.reacted = stored(one);
  return { fenced: lost, parked };
}

const writeIfAny = (pipeline: Pipeline, staged: StagedRows, checkpoints: readonly Checkpoint[]): Promise<number | undefined> =>
  staged.last.length === 0 ? Promise.resolve(undefined) : write(pipeline, staged, checkpoints);

interface Staged {
  readonly rows: readonly RowWrite[];
  readonly last?: readonly RowWrite[];
  readonly newest?: readonly RowWrite[];
}

/** Answers with the partition that another process has taken over, if any. */
export async function write(
  { views, observer, signal }: Pipeline,
  { rows, last = [], newest = [] }: Staged,
  checkpoints: readonly Checkpoint[],
): Promise<number | undefined> {
  const outcome = await untilAvailable(() => views.store.write(rows, { last, newest, checkpoints }), observer, signal);
  return outcome.outcome === 'fenced' ? outcome.partition : undefined;
}
