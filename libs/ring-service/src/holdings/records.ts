import type { EventLog, StoredRecord } from '@ringside/event-log';
import type { ViewReader } from '@ringside/team-kit';

import { holdingsOf } from './held.js';
import { hashOf } from './digest.js';
import type { HeldAt, Holding } from './holdings.js';

/** Records that are read in search of one, behind the moment at which the log took it; and for one request. */
const readPerSearchMax = 5_000;
const readMax = 20_000;
/**
 * How much earlier a search begins where the first one found nothing: on Pulsar the time of a record is its producer's, so that
 * what came from another region can lie behind what is younger.
 */
const earlierMs = [0, 3_600_000];

export interface RecordBounds {
  /** The first record may be larger. */
  readonly bytesMax: number;
}

type Wanted = Holding & { readonly id: string };

/** What the log has of these events, by the views' word of where that is. Those that it has no longer are left out. */
export async function recordsOf(
  { views, log }: { readonly views: ViewReader; readonly log: EventLog },
  at: HeldAt,
  ids: readonly string[],
  { bytesMax }: RecordBounds,
): Promise<readonly StoredRecord[]> {
  const wanted = [...(await holdingsOf(views, at, ids))].sort((a, b) => a.partition - b.partition || a.takenAt - b.takenAt);
  const found = new Map<string, StoredRecord>();
  let bytes = 0;
  let read = 0;
  for (const one of wanted) {
    if (!found.has(one.id)) read += await search(log, at.topic, one, { wanted, found });
    if (read >= readMax) break;
    bytes += found.get(one.id)?.bytes.length ?? 0;
    if (bytes > bytesMax && found.size > 1) break;
  }
  return within([...found.values()], bytesMax);
}

/** Looks for one record, and takes whichever others are wanted on the way; answers with how many were read. */
async function search(
  log: EventLog,
  topic: string,
  one: Wanted,
  { wanted, found }: { readonly wanted: readonly Wanted[]; readonly found: Map<string, StoredRecord> },
): Promise<number> {
  const hashes = new Map(wanted.map(({ id, hash }) => [id, hash]));
  let read = 0;
  for (const earlier of earlierMs) {
    const until = read + readPerSearchMax;
    for await (const record of log.read({ topic, partition: one.partition, since: Math.max(0, one.takenAt - earlier) })) {
      // Of several copies with different bytes the one that was listed.
      if (hashes.get(record.id) === hashOf(record.id, record.bytes)) found.set(record.id, record);
      read++;
      if (found.has(one.id)) return read;
      if (read === until) break;
    }
  }
  return read;
}

function within(records: readonly StoredRecord[], bytesMax: number): readonly StoredRecord[] {
  let bytes = 0;
  return records.filter((record, i) => (bytes += record.bytes.length) <= bytesMax || i === 0);
}
