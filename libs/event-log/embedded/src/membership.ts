import { coalesced, type Clock } from '@ringside/core';
import type { CursorFile } from './cursor-file.js';
import { beat, leave, type LeaseChanges, type Member } from './lease.js';

/** How long a caller may take to acknowledge what it has in hand before a partition goes to its new owner anyway. */
const handOverMsMax = 1_000;
/** Acknowledgements are written at most this often. */
const flushMs = 100;

export interface MembershipOptions {
  readonly file: CursorFile;
  readonly clock: Clock;
  readonly leaseMs: number;
  readonly onWarning: (message: string) => void;
  /** Called when something changed that other members should look at. */
  readonly onChanged: () => void;
}

export interface Participant extends Member {
  /** Applied in the order of the transactions. */
  readonly apply: (changes: LeaseChanges) => void;
}

/** The heartbeat of all consumers of one event log: one transaction for all of them. */
export interface Membership {
  readonly join: (participant: Participant) => Promise<void>;
  readonly leave: (participant: Participant) => Promise<void>;
  /** Something was acknowledged. */
  readonly acknowledged: () => void;
  /** Beats now; resolves when a beat that began after this call is done. */
  readonly beat: () => Promise<void>;
  /** False where the last beat is so long ago that the leases may have gone to others: the process was paused. */
  readonly isCurrent: () => boolean;
  readonly stop: () => void;
}

export function createMembership(options: MembershipOptions): Membership {
  const { file, leaseMs } = options;
  const participants = new Set<Participant>();
  let timer: NodeJS.Timeout | undefined;
  let dueAt = Infinity;
  let beatenAt = performance.now();
  let stopped = false;

  const beatSoon = coalesced(beatOnce);

  function schedule(delayMs: number): void {
    const at = performance.now() + delayMs;
    if (stopped || participants.size === 0 || at >= dueAt) return;
    clearTimeout(timer);
    dueAt = at;
    timer = setTimeout(() => {
      dueAt = Infinity;
      void beatSafely();
    }, delayMs);
    timer.unref();
  }

  async function beatSafely(): Promise<void> {
    try {
      await beatSoon();
    } catch (error) {
      options.onWarning(`A heartbeat of the event log's consumers failed: ${(error as Error).message}`);
    }
  }

  async function beatOnce(): Promise<void> {
    if (stopped || participants.size === 0) return;
    const startedAt = performance.now();
    const members = [...participants];
    try {
      const changes = await file.environment.write(() => {
        const clock = { now: options.clock(), leaseMs };
        return members.map((member) => beat(file, member, clock, finished(member)));
      });
      beatenAt = startedAt;
      members.forEach((member, index) => applyTo(member, changes[index]!));
      if (changes.some(({ gained, lost }) => gained.length > 0 || lost.length > 0)) options.onChanged();
    } finally {
      schedule(leaseMs / 3);
    }
  }

  function applyTo(member: Participant, changes: LeaseChanges): void {
    if (!participants.has(member)) return; // it left meanwhile
    for (const [partition, offset] of changes.flushed) {
      const held = member.held.get(partition);
      if (held !== undefined) held.flushed = offset;
    }
    member.apply(changes);
    for (const [partition, held] of member.held) {
      if (changes.share.has(partition)) delete held.endingSince;
      else held.endingSince ??= performance.now();
    }
    scheduleHandOver(member);
  }

  /** Partitions that are to be given back: all that was handed out is acknowledged, or the time for it is over. */
  function finished(member: Member): ReadonlySet<number> {
    const done = new Set<number>();
    for (const [partition, held] of member.held) {
      if (held.endingSince === undefined) continue;
      if (held.acknowledged === held.next || performance.now() - held.endingSince >= handOverMsMax) done.add(partition);
    }
    return done;
  }

  function scheduleHandOver(member: Member): void {
    const ending = [...member.held.values()].some(({ endingSince }) => endingSince !== undefined);
    if (ending) schedule(finished(member).size > 0 ? 0 : handOverMsMax);
  }

  return {
    join: async (participant) => {
      participants.add(participant);
      try {
        await beatSoon();
      } catch (error) {
        participants.delete(participant); // later beats would take partitions for it, which nobody would read
        throw error;
      }
      options.onChanged();
    },
    leave: async (participant) => {
      participants.delete(participant);
      if (participants.size === 0) {
        clearTimeout(timer);
        dueAt = Infinity;
      }
      await beatSoon().catch(() => undefined); // one that had begun with this member is over then
      await file.environment.write(() => leave(file, participant));
      options.onChanged();
    },
    acknowledged: () => {
      schedule(flushMs);
      for (const member of participants) scheduleHandOver(member);
    },
    beat: beatSoon,
    isCurrent: () => stopped || performance.now() - beatenAt < leaseMs,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
