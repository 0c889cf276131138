import { uuidv7Source } from '@ringside/core';
import type { Random } from '@ringside/random';

/** A call that nobody has answered yet. */
export interface InFlight {
  /** What of it has not reached its server never will. */
  cancelled: boolean;
  /** It is held up on the way for so long, in ms. */
  heldMs?: number;
  readonly isPrompt: boolean;
}

/**
 * One incarnation of a process: it has a clock, ids and timers of its own. A process that has died is never heard of again: what it
 * waited for is not answered, and its timers do not fire.
 */
export class SimulatedProcess {
  isAlive = true;
  /** Stopped and not dead, as by SIGSTOP: everything for it waits. */
  isPaused = false;
  /** What its clock shows beyond the true time, in ms. */
  skewMs: number;
  readonly inFlight = new Set<InFlight>();
  /** Called when it has died. */
  readonly onDeath: (() => void)[] = [];
  private readonly ids: (nowMs: number) => string;

  constructor(
    readonly name: string,
    readonly startedAt: number,
    random: Random,
    skewMs = 0,
  ) {
    this.skewMs = skewMs;
    this.ids = uuidv7Source((bytes) => random.fill(bytes));
  }

  newId(nowMs: number): string {
    return this.ids(nowMs);
  }
}
