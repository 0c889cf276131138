import type { MissingEvent } from './findings.js';
import type { Restored } from './restore.js';

/** What was fetched is not in the views at once, and what was refused would be refused again. */
const leaveAloneMs = 5 * 60_000;
const entriesMax = 50_000;

/** Events that are not asked for again for a while. */
export class LeftAlone {
  /** With when, the oldest first. */
  private readonly since = new Map<string, number>();
  /** Ids that one peer is being asked for: several that have an event need not all send it. */
  private readonly asked = new Set<string>();

  wanted(missing: readonly MissingEvent[], peer: string, now: number): readonly MissingEvent[] {
    for (const [key, at] of this.since) {
      if (at > now - leaveAloneMs && this.since.size <= entriesMax) break;
      this.since.delete(key);
    }
    return missing.filter(({ id }) => !this.asked.has(id) && !this.since.has(id) && !this.since.has(refusedFrom(peer, id)));
  }

  /** Asks nobody else for these while the work is under way. */
  async while<T>(wanted: readonly MissingEvent[], work: () => Promise<T>): Promise<T> {
    for (const { id } of wanted) this.asked.add(id);
    try {
      return await work();
    } finally {
      for (const { id } of wanted) this.asked.delete(id);
    }
  }

  add({ restored, refused }: Pick<Restored, 'restored' | 'refused'>, peer: string, now: number): void {
    for (const id of restored) this.since.set(id, now);
    for (const { id } of refused) this.since.set(refusedFrom(peer, id), now);
  }
}

/** What one peer sent wrong, another may have right; what came from one, none has to send. */
const refusedFrom = (peer: string, id: string): string => `${peer}/${id}`;
