import type { MissingEvent } from './compare.js';
import type { Restored } from './restore.js';

/** What was fetched is not in the views at once, and what was refused would be refused again. */
const leaveAloneMs = 5 * 60_000;
const entriesMax = 50_000;

/** Events that are not asked for again for a while. */
export class LeftAlone {
  /** With when, the oldest first. */
  private readonly since = new Map<string, number>();

  wanted(missing: readonly MissingEvent[], peer: string, now: number): readonly MissingEvent[] {
    for (const [key, at] of this.since) {
      if (at > now - leaveAloneMs && this.since.size <= entriesMax) break;
      this.since.delete(key);
    }
    return missing.filter(({ id }) => !this.since.has(id) && !this.since.has(refusedFrom(peer, id)));
  }

  add({ restored, refused }: Restored, peer: string, now: number): void {
    for (const id of restored) this.since.set(id, now);
    for (const { id } of refused) this.since.set(refusedFrom(peer, id), now);
  }
}

/** What one peer sent wrong, another may have right; what came from one, none has to send. */
const refusedFrom = (peer: string, id: string): string => `${peer}/${id}`;
