import type { EventLog } from '@ringside/event-log';
import { ringTopic } from '@ringside/events';
import { DamagedValueError, type ViewStore } from '@ringside/view-store';

import { compareViews, type Parity } from './parity.js';
import { dropGeneration, RebuildFencedError, RebuildRefusedError } from './rebuild-generations.js';
import { MixedKeysError } from './rebuild-steps.js';
import { Rebuild, watermarkOf, type RebuildOptions, type Watermark, type WatermarkEntry } from './rebuild.js';
import type { PlacedSubscriber } from './placed-subscriber.js';
import { tablesOf } from './subscriber.js';
import { Views } from './views.js';

export type RebuildProgress =
  | { readonly phase: 'reading'; readonly events: number; readonly eventsTotal: number }
  | { readonly phase: 'comparing'; readonly rows: number };

export interface RebuildViewsOptions {
  readonly subscriber: PlacedSubscriber;
  readonly log: EventLog;
  readonly store: ViewStore;
  /** Only compare: the rebuilt views are dropped again, and the live ones stay live. */
  readonly check?: boolean;
  /** Go over to the rebuilt views even where they differ, as they do when a projection has changed, or the live ones are damaged. */
  readonly acceptDifferences?: boolean;
  /** Take the events of all keys in the order in which they came. Slower; what needs it is noticed, and begun anew in this way. */
  readonly inLogOrder?: boolean;
  /** Fills a share of the views elsewhere, such as in a thread, by `Rebuild.share`; one for each share, and they run at the same time. */
  readonly helpers?: readonly RebuildHelper[];
  /** So many events are worth asking helpers; 20,000 where absent. */
  readonly helpedEventsMin?: number;
  readonly onProgress?: (progress: RebuildProgress) => void;
  readonly signal?: AbortSignal;
}

/** Answers when the generation contains the watermark's source partitions up to there, or rejects when nothing more is written. */
export type RebuildHelper = (share: RebuildShare) => Promise<void>;

export interface RebuildShare {
  readonly generation: number;
  readonly watermark: Watermark;
  readonly onBatch: (events: number) => void;
  /** Aborted when another helper has failed: what is written from then on is of no use. */
  readonly signal?: AbortSignal;
}

export interface RebuildReport {
  readonly generation: number;
  readonly events: number;
  readonly parity: Parity;
  /** Whether the rebuilt generation is the live one now. */
  readonly live: boolean;
}

/**
 * Builds a subscriber's views anew from the log, in the next generation of its tables, while the service goes on with the
 * live one; compares both row for row at shared watermarks; and makes the new one live. A running service follows within
 * seconds, from where the new generation stands. The old one is kept for {@link rollBackViews}.
 *
 * Where they differ the new generation is dropped instead, unless the differences are accepted.
 * Throws `RebuildRefusedError`, `RebuildFencedError`, `ParityUnsettledError`, and what the drivers throw.
 */
export async function rebuildViews(options: RebuildViewsOptions): Promise<RebuildReport> {
  try {
    return await rebuildOnce(options);
  } catch (error) {
    if (!(error instanceof MixedKeysError)) throw error;
    return rebuildOnce({ ...options, inLogOrder: true });
  }
}

async function rebuildOnce(options: RebuildViewsOptions): Promise<RebuildReport> {
  const { subscriber, store, check = false, acceptDifferences = false, onProgress } = options;
  const live = await Views.current(store, subscriber.name);
  await toRebuild(live, subscriber);
  const { previous } = await live.generations();
  const target = live.ofGeneration(Math.max(live.generation, previous ?? 0) + 1);
  const filling = fillingOf(options, live, target);
  let rebuild = await Rebuild.fromStart(filling);
  try {
    if (await shareOut(options, filling)) rebuild = await Rebuild.fromCheckpoint(filling);
    await catchUp(filling, rebuild);
    let rows = 0;
    const parity = await compareViews({ subscriber, log: options.log, live, rebuilt: target, rebuild }, (more) => {
      onProgress?.({ phase: 'comparing', rows: (rows += more) });
    }).catch((error: unknown) => {
      // What the disk has damaged cannot be compared, and is why somebody goes over to views that are made anew.
      if (acceptDifferences && error instanceof DamagedValueError) return parityWithDamaged(error);
      throw error;
    });
    const keep = !check && (acceptDifferences || parity.differences.length === 0);
    await (keep ? flip(live, rebuild) : abandon(filling, rebuild));
    return { generation: target.generation, events: filling.events, parity, live: keep };
  } catch (error) {
    if (error instanceof RebuildFencedError) throw error;
    await abandon(filling, rebuild).catch((reason: unknown) => {
      if (reason instanceof RebuildFencedError) throw reason; // which explains the other
    });
    throw error;
  }
}

const parityWithDamaged = ({ place }: DamagedValueError): Parity => ({
  rows: new Map(),
  differences: [{ table: 'live views', partition: place, key: '', kind: 'damaged', fields: [] }],
  lookedAtAgain: 0,
});

/** Makes the generation before the live one live again, after bringing it up to where the live one is. Answers with its number. */
export async function rollBackViews(options: Omit<RebuildViewsOptions, 'check' | 'acceptDifferences'>): Promise<number> {
  const { subscriber, store } = options;
  const live = await Views.current(store, subscriber.name);
  const { previous } = await live.generations();
  if (previous === null) throw new RebuildRefusedError(`There is no earlier generation of the views of ${subscriber.name}.`);
  const target = live.ofGeneration(previous);
  const filling = fillingOf(options, live, target);
  const rebuild = await Rebuild.fromCheckpoint(filling);
  await catchUp(filling, rebuild);
  await flip(live, rebuild);
  return previous;
}

/** Drops all generations but the live one. Answers with their numbers. */
export async function dropOldViews({
  subscriber,
  store,
}: Pick<RebuildViewsOptions, 'subscriber' | 'store'>): Promise<readonly number[]> {
  const live = await Views.current(store, subscriber.name);
  const found = new Set<number>();
  for (const name of await store.tables()) {
    const [, table, generation] = /^(.+)_g(\d+)$/.exec(name) ?? [];
    if (table !== undefined && tablesOf(subscriber).includes(table)) found.add(Number(generation));
  }
  found.delete(live.generation);
  await live.forgetPrevious();
  for (const generation of found) await dropGeneration(live.ofGeneration(generation), subscriber);
  return [...found].sort((a, b) => a - b);
}

/** Fewer events are read sooner than a thread is there. */
const helpedEventsUsual = 20_000;

/** Has helpers fill the views up to where the live ones are. Promotions are left out: what is of a later term waits for them. */
async function shareOut(options: RebuildViewsOptions, filling: Filling): Promise<boolean> {
  const { helpers = [], helpedEventsMin = helpedEventsUsual, inLogOrder } = options;
  const { live, target, subscriber } = filling;
  const watermark = await watermarkOf(live, subscriber);
  filling.eventsTotal = eventsIn(watermark);
  if (helpers.length === 0 || inLogOrder || filling.eventsTotal < helpedEventsMin) return false;
  if (watermark.some(({ topic, position }) => topic === ringTopic.topic && position !== null)) return false;
  const shares = sharesOf(watermark, helpers.length);
  const { generation } = target;
  const onBatch = (events: number): void => filling.onBatch?.(events);
  const failed = new AbortController();
  const { signal } = failed;
  const failures: unknown[] = [];
  const filled = helpers.map((fill, i) =>
    fill({ generation, watermark: shares[i]!, onBatch, signal }).catch((error: unknown) => {
      failures.push(error);
      failed.abort(error);
    }),
  );
  // All of them end before this does: nothing may be left that writes when the generation is dropped.
  await Promise.all(filled);
  // The first one is why the others were ended; but who was fenced leaves the generation alone.
  if (failures.length > 0) throw failures.find((error) => error instanceof RebuildFencedError) ?? failures[0];
  return true;
}

/** The largest source partitions first, each to whoever has least. */
function sharesOf(watermark: Watermark, count: number): readonly Watermark[] {
  const shares = Array.from({ length: count }, () => ({ events: 0, entries: [] as WatermarkEntry[] }));
  for (const entry of [...watermark].sort((a, b) => b.ordinal - a.ordinal)) {
    const least = shares.reduce((a, b) => (b.events < a.events ? b : a));
    least.entries.push(entry);
    least.events += entry.ordinal;
  }
  return shares.map(({ entries }) => entries);
}

/** Up to where the live views are, and then again: less has come meanwhile, and the rest is for the comparison. */
async function catchUp(filling: Filling, rebuild: Rebuild): Promise<void> {
  const { live, target, subscriber } = filling;
  const before = eventsIn(await watermarkOf(target, subscriber)) - filling.events;
  for (let pass = 0; pass < 3; pass++) {
    const watermark = await watermarkOf(live, subscriber);
    filling.eventsTotal = eventsIn(watermark) - before;
    await rebuild.advance(watermark);
  }
}

interface Filling extends RebuildOptions {
  events: number;
  eventsTotal: number;
}

/** The filling of a generation, with its progress. */
function fillingOf(
  { subscriber, log, signal, inLogOrder = false, onProgress }: RebuildViewsOptions,
  live: Views,
  target: Views,
): Filling {
  const filling: Filling = {
    subscriber,
    log,
    live,
    target,
    ...(signal === undefined ? {} : { signal }),
    inLogOrder,
    events: 0,
    eventsTotal: 0,
    onBatch: (more) => {
      filling.events += more;
      onProgress?.({ phase: 'reading', events: filling.events, eventsTotal: Math.max(filling.eventsTotal, filling.events) });
    },
  };
  return filling;
}

const eventsIn = (watermark: Watermark): number => watermark.reduce((sum, { ordinal }) => sum + ordinal, 0);

async function toRebuild(live: Views, subscriber: PlacedSubscriber): Promise<void> {
  if ((await watermarkOf(live, subscriber)).some(({ position }) => position !== null)) return;
  throw new RebuildRefusedError(`The views of ${subscriber.name} contain no event yet: there is nothing to rebuild.`);
}

async function flip(live: Views, rebuild: Rebuild): Promise<void> {
  const { current } = await live.generations();
  if (current !== live.generation) {
    throw new RebuildRefusedError(`Generation ${current} of the views has become live meanwhile: nothing was changed.`);
  }
  await rebuild.makeCurrent();
}

/** Who has fenced the rebuild is filling these tables now, or has made them live: then they are left alone. */
async function abandon({ target, subscriber }: Filling, rebuild: Rebuild): Promise<void> {
  await rebuild.confirm();
  await dropGeneration(target, subscriber);
}
