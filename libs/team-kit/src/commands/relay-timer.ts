import type { Logger } from '@ringside/platform';

import type { Relay } from './relay.js';

/** How long a relay rests between two looks, in ms. */
const restMs = 2_000;

/** Runs a relay for as long as its process lives: at once when the tables are there, and then every few seconds. */
export class RelayTimer {
  private timer: NodeJS.Timeout | undefined;
  private passing: Promise<void> = Promise.resolve();
  private stopped = false;
  private away = false;

  constructor(
    private readonly relay: Pick<Relay, 'pass'>,
    private readonly isPrepared: () => boolean,
    private readonly logger: Pick<Logger, 'warn'>,
    private readonly rest: number = restMs,
  ) {
    this.schedule(0);
  }

  /** Waits for the pass under way; none comes after it. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.passing;
  }

  private schedule(ms: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.passing = this.pass().finally(() => this.schedule(this.rest));
    }, ms).unref();
  }

  private async pass(): Promise<void> {
    if (!this.isPrepared()) return;
    try {
      await this.relay.pass();
      this.away = false;
    } catch (error) {
      // Said once, and not every few seconds for as long as the store is away.
      if (!this.away && !this.stopped) this.logger.warn({ err: error }, 'the relay could not look for intents');
      this.away = true;
    }
  }
}
