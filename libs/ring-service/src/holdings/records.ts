import { DamagedRecordError, type EventLog, type Position, type ReadOptions, type StoredRecord } from '@ringside/event-log';
import type { ViewReader } from '@ringside/team-kit';

import { holdingsOf } from './held.js';
import { hashOf } from './digest.js';
import type { HeldAt, Holding } from './holdings.js';
import { readBehindDamage, type DamagedPlace } from './read-behind-damage.js';

/** So many records are read on from one that is wanted to the next one, rather than begun anew there. */
const readOnMax = 200;
/**
 * Records that are read in search of one that is not where the views say, behind the moment at which the log took it: of several copies
 * the first may be gone. And for one request.
 */
const readPerSearchMax = 5_000;
const searchedMax = 20_000;

export interface RecordBounds {
  /** The first record may be larger. */
  readonly bytesMax: number;
}

type Wanted = Holding & { readonly id: string };

/** What the log has of these events, by the views' word of where that is. Those that it has no longer, or damaged, are left out. */
export async function recordsOf(
  { views, log }: { readonly views: ViewReader; readonly log: EventLog },
  at: HeldAt,
  ids: readonly string[],
  { bytesMax }: RecordBounds,
): Promise<readonly StoredRecord[]> {
  const wanted = [...(await holdingsOf(views, at, ids))].sort(byPlace);
  const found = new Found(wanted, bytesMax);
  for (let i = 0; i < wanted.length && !found.isFull;) i = await readOn(log, at.topic, wanted, { from: i, found });
  let searched = 0;
  for (const one of wanted) {
    if (searched >= searchedMax || found.isFull) break;
    if (!found.has(one.id)) searched += await search(log, at.topic, one, found);
  }
  return within(found.records(), bytesMax);
}

const byPlace = (a: Wanted, b: Wanted): number =>
  a.partition - b.partition || (a.position < b.position ? -1 : a.position > b.position ? 1 : 0);

class Found {
  private readonly ofId = new Map<string, StoredRecord>();
  private readonly hashes: ReadonlyMap<string, string>;
  private bytes = 0;

  constructor(
    wanted: readonly Wanted[],
    private readonly bytesMax: number,
  ) {
    this.hashes = new Map(wanted.map(({ id, hash }) => [id, hash]));
  }

  /** Of several copies with different bytes the one that was listed. */
  see(record: StoredRecord | DamagedPlace): void {
    if (record.bytes === undefined) return;
    const { id, bytes } = record;
    if (this.ofId.has(id) || !this.hashes.has(id) || this.hashes.get(id) !== hashOf(id, bytes)) return;
    this.ofId.set(id, record);
    this.bytes += bytes.length;
  }

  has(id: string): boolean {
    return this.ofId.has(id);
  }

  get isFull(): boolean {
    return this.bytes > this.bytesMax;
  }

  records(): readonly StoredRecord[] {
    return [...this.ofId.values()];
  }
}

/** Reads from one that is wanted on to the last one that is near. Answers with the place, among those wanted, of the next one. */
async function readOn(
  log: EventLog,
  topic: string,
  wanted: readonly Wanted[],
  { from, found }: { readonly from: number; readonly found: Found },
): Promise<number> {
  const { partition, position } = wanted[from]!;
  let next = from + 1;
  let left = readOnMax;
  for await (const record of readBehindDamage(log, { topic, partition, from: position as Position })) {
    found.see(record);
    const isBehind = (one: Wanted | undefined): boolean => one?.partition === partition && one.position <= record.position;
    while (isBehind(wanted[next])) next++;
    if (wanted[next]?.partition !== partition || --left === 0 || found.isFull) break;
  }
  return next;
}

/** Answers with how many records were read. Where the log finds no beginning by the time, owing to damage, from where it was first. */
async function search(log: EventLog, topic: string, wanted: Wanted, found: Found): Promise<number> {
  const { id, partition, position, takenAt } = wanted;
  const readFrom = async (start: Pick<ReadOptions, 'since' | 'from'>): Promise<number> => {
    let read = 0;
    for await (const record of readBehindDamage(log, { topic, partition, ...start })) {
      found.see(record);
      if (++read === readPerSearchMax || found.has(id)) break;
    }
    return read;
  };
  try {
    return await readFrom({ since: takenAt });
  } catch (error) {
    if (!(error instanceof DamagedRecordError)) throw error;
    return await readFrom({ from: position as Position });
  }
}

function within(records: readonly StoredRecord[], bytesMax: number): readonly StoredRecord[] {
  let bytes = 0;
  return records.filter((record, i) => (bytes += record.bytes.length) <= bytesMax || i === 0);
}
