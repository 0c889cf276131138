import { type CursorFile, type CursorRow, rangeOf } from './cursor-file.js';

/** A partition that a consumer holds. */
export interface Held {
  /** Of this consumer, for its callers: see `Delivery`. */
  readonly assignment: number;
  readonly epoch: number;
  /** The next offset to hand out. */
  next: number;
  /** The first offset that is not acknowledged. */
  acknowledged: number;
  /** What of that is in the file. */
  flushed: number;
  /** Set when the partition is another's by now: nothing more is handed out, and it is given back when the caller is done. */
  endingSince?: number;
}

/** One consumer of a subscription, as the leases see it. */
export interface Member {
  readonly id: string;
  readonly topic: string;
  readonly subscription: string;
  readonly partitions: number;
  readonly held: Map<number, Held>;
}

export interface LeaseChanges {
  /** Partitions to begin anew. */
  readonly gained: readonly { readonly partition: number; readonly row: CursorRow }[];
  /** Partitions that another consumer holds, or that were given back. */
  readonly lost: readonly number[];
  /** The partitions that are this member's share. */
  readonly share: ReadonlySet<number>;
  /** What was flushed, by partition. */
  readonly flushed: ReadonlyMap<number, number>;
}

export interface LeaseClock {
  /** Wall clock, ms since the epoch. */
  readonly now: number;
  readonly leaseMs: number;
}

/** A time far ahead was written before the clock stepped back: it would never come. */
const isPast = (time: number, { now, leaseMs }: LeaseClock): boolean => time <= now || time > now + 2 * leaseMs;

/** Every member works this out for itself, from the same list: partition i is the member's whose place is i mod n. */
export function shareOf(member: string, members: readonly string[], partitions: number): ReadonlySet<number> {
  const sorted = [...members].sort();
  const place = sorted.indexOf(member);
  const share = new Set<number>();
  for (let partition = place; place >= 0 && partition < partitions; partition += sorted.length) share.add(partition);
  return share;
}

/**
 * One heartbeat of a member, within a write transaction: says that it lives, removes members that do not, writes its
 * acknowledgements, gives back what `giveBack` names, and takes what is its share and free.
 */
export function beat(file: CursorFile, member: Member, clock: LeaseClock, giveBack: ReadonlySet<number>): LeaseChanges {
  const { topic, subscription, id } = member;
  file.members.put([topic, subscription, id], { seenAt: clock.now });
  const living = livingMembers(file, member, clock);
  const share = shareOf(id, living, member.partitions);
  const gained: { partition: number; row: CursorRow }[] = [];
  const lost: number[] = [];
  const flushed = new Map<number, number>();

  for (let partition = 0; partition < member.partitions; partition++) {
    const key = [topic, subscription, partition];
    const row = file.cursors.get(key)!;
    const held = member.held.get(partition);
    const mine = row.owner === id;
    if (mine && held?.epoch === row.epoch) {
      const keep = share.has(partition) || !giveBack.has(partition);
      // Whoever lives has what it owns: nothing need be written to keep it.
      if (!keep || row.next !== held.acknowledged) file.cursors.put(key, renewed(row, held, keep ? id : null, clock));
      flushed.set(partition, held.acknowledged);
      if (!keep) lost.push(partition);
    } else if (share.has(partition) && (mine || isFree(row, living, clock))) {
      // Its own under another epoch was reset meanwhile: it begins anew there.
      const taken = { ...row, epoch: row.epoch + 1, owner: id, expiresAt: clock.now + clock.leaseMs };
      file.cursors.put(key, taken);
      gained.push({ partition, row: taken });
    } else {
      if (mine) file.cursors.put(key, { ...row, owner: null, expiresAt: 0 });
      if (held !== undefined) lost.push(partition);
    }
  }
  return { gained, lost, share, flushed };
}

/** It is not taken from a member that is heard of, however long ago that wrote it. */
const isFree = ({ owner, expiresAt }: CursorRow, living: readonly string[], clock: LeaseClock): boolean =>
  owner === null || (isPast(expiresAt, clock) && !living.includes(owner));

/** Within a write transaction: acknowledgements are written, the partitions given back, the member is gone. */
export function leave(file: CursorFile, member: Member): void {
  const { topic, subscription, id } = member;
  for (let partition = 0; partition < member.partitions; partition++) {
    const key = [topic, subscription, partition];
    const row = file.cursors.get(key);
    if (row?.owner !== id) continue;
    const held = member.held.get(partition);
    const next = held?.epoch === row.epoch ? held.acknowledged : row.next;
    file.cursors.put(key, { ...row, next, owner: null, expiresAt: 0 });
  }
  file.members.remove([topic, subscription, id]);
}

function renewed(row: CursorRow, held: Held, owner: string | null, { now, leaseMs }: LeaseClock): CursorRow {
  return { ...row, next: held.acknowledged, owner, expiresAt: owner === null ? 0 : now + leaseMs };
}

function livingMembers(file: CursorFile, { topic, subscription }: Member, clock: LeaseClock): readonly string[] {
  const living: string[] = [];
  for (const { key, value } of [...rangeOf(file.members, topic, subscription)]) {
    if (isPast(value.seenAt + clock.leaseMs, clock)) file.members.remove(key);
    else living.push(key[2] as string);
  }
  return living;
}
