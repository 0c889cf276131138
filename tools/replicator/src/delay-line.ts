import { createWakeups } from '@ringside/event-log';

/** What is under way on a link: it comes out in the order in which it went in, each a delay later, and as fast as it went in. */
export interface DelayLine<T> {
  /** Resolves when there is room for more; at once when the line is broken. */
  push(items: readonly T[]): Promise<void>;
  /** What has arrived, at most so many and at least one. Answers with none once the line is broken: what is under way is lost. */
  take(itemsMax: number): Promise<readonly T[]>;
  /** The delay has changed: what is under way follows the new one. */
  reconsider(): void;
  break(): void;
}

/** Bounds one wait, so that no timer is set further ahead than they can be. */
const waitMsMax = 60_000;

export function createDelayLine<T>(delayMs: () => number, itemsMax: number): DelayLine<T> {
  const underWay: { readonly item: T; readonly sentAt: number }[] = [];
  const wakeups = createWakeups();
  let isBroken = false;

  /** Until the first of them arrives; it is the first to do so, for all have the same delay. */
  function dueInMs(): number {
    const [first] = underWay;
    return first === undefined ? waitMsMax : first.sentAt + delayMs() - performance.now();
  }

  return {
    async push(items) {
      const sentAt = performance.now();
      for (const item of items) underWay.push({ item, sentAt });
      wakeups.wake();
      while (!isBroken && underWay.length > itemsMax) await wakeups.next().within(waitMsMax);
    },
    async take(countMax) {
      for (;;) {
        if (isBroken) return [];
        const woken = wakeups.next();
        const waitMs = dueInMs();
        if (waitMs <= 0) break;
        await woken.within(Math.min(waitMs, waitMsMax));
      }
      const arrivedBy = performance.now() - delayMs();
      const later = underWay.findIndex(({ sentAt }, index) => index > 0 && sentAt > arrivedBy);
      const arrived = underWay.splice(0, Math.min(countMax, later === -1 ? underWay.length : later));
      wakeups.wake();
      return arrived.map(({ item }) => item);
    },
    reconsider: wakeups.wake,
    break: () => {
      isBroken = true;
      wakeups.wake();
    },
  };
}
