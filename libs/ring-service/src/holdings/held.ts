import type { ViewReader } from '@ringside/team-kit';

import { tallyOf, type Tally } from './digest.js';
import {
  bucketsPartition,
  daysPartition,
  holdingRow,
  holdingsTable,
  talliesTable,
  type HeldAt,
  type Holding,
} from './holdings.js';

/** A day or a bucket of a topic, with what is held of it. */
export interface NamedTally extends Tally {
  readonly name: string;
}

/** What a region holds of a topic in all. */
export interface TopicFigures {
  readonly topic: string;
  readonly events: number;
  /** Copies that the log has besides. */
  readonly doubled: number;
  /** Of these, copies with other bytes. */
  readonly conflicting: number;
}

/** An event that a region holds. */
export interface HeldEvent {
  readonly id: string;
  readonly hash: string;
  /** When that region's log took it, in ms since the epoch. */
  readonly takenAt: number;
}

/** Views with their figures added up, such as those of a subscriber. */
export interface HeldViews extends ViewReader {
  figures(table: string, partition: string): Promise<ReadonlyMap<string, Readonly<Record<string, number>>>>;
}

export async function figuresOf(views: HeldViews, topic: string): Promise<TopicFigures> {
  const days = [...(await views.figures(talliesTable, daysPartition(topic))).values()];
  const sum = (name: string): number => days.reduce((total, amounts) => total + (amounts[name] ?? 0), 0);
  return { topic, events: sum('events'), doubled: sum('doubled'), conflicting: sum('conflicting') };
}

export const daysOf = (views: HeldViews, topic: string): Promise<readonly NamedTally[]> =>
  talliesOf(views, daysPartition(topic));

export const bucketsOf = (views: HeldViews, topic: string, day: string): Promise<readonly NamedTally[]> =>
  talliesOf(views, bucketsPartition(topic, day));

async function talliesOf(views: HeldViews, partition: string): Promise<readonly NamedTally[]> {
  const figures = await views.figures(talliesTable, partition);
  return [...figures].map(([name, amounts]) => ({ name, ...tallyOf(amounts) })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Events of a bucket behind an id, in the order of their ids. */
export async function heldIn(
  views: ViewReader,
  { topic, bucket }: HeldAt,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<readonly HeldEvent[]> {
  const options = { limit, ...(after === undefined ? {} : { after }) };
  const rows = await views.page(holdingsTable, `${topic}/${bucket}`, options);
  return rows.map(({ key, value }) => {
    const { hash, takenAt } = value as unknown as Holding;
    return { id: key, hash, takenAt };
  });
}

/** Those of the ids that are held, with where the log has them. */
export async function holdingsOf(
  views: ViewReader,
  at: HeldAt,
  ids: readonly string[],
): Promise<readonly (Holding & { readonly id: string })[]> {
  const rows = await views.getMany(ids.map((id) => holdingRow(at, id)));
  return rows.flatMap((row) => (row === undefined ? [] : [{ id: row.key, ...(row.value as unknown as Holding) }]));
}
