import { turns } from '@ringside/core';
import type { CommandContext } from '@ringside/casework';
import type { Placement } from '@ringside/data-ring';
import type { EventLog } from '@ringside/event-log';
import type { ViewStore } from '@ringside/view-store';

import type { CaseAggregate } from './aggregate.js';
import type { CaseHistories, Step } from './case-histories.js';
import type { CommandObserver } from './command-observer.js';
import { Intents, type Intent } from './intents.js';
import { publishedWrites } from './publications.js';
import { Publisher } from './publisher.js';

export interface OutboxParts<State extends { readonly version: number }> {
  readonly store: ViewStore;
  readonly log: EventLog;
  readonly aggregate: CaseAggregate<State, CommandContext>;
  /** Which topic of the log each event belongs on. */
  readonly placement: Placement;
  readonly observer: CommandObserver;
}

/** An intent, and the fence that was read before it was declared. */
export interface Held {
  readonly intent: Intent;
  readonly fence: number;
}

export interface Stored<State> {
  readonly steps: readonly Step<State>[];
  /** Of the stream, with these steps. */
  readonly version: number;
  readonly intent: Intent;
}

/** What one process does around its appends: the intent before it, and behind it the publication, one by one for each stream. */
export class Outbox<State extends { readonly version: number }> {
  private readonly intents: Intents;
  private readonly publisher: Publisher<State>;
  private readonly inTurn = turns();
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(
    private readonly parts: OutboxParts<State>,
    private readonly histories: CaseHistories<State>,
  ) {
    const { store, log, aggregate, placement } = parts;
    this.intents = new Intents(store);
    this.publisher = new Publisher(log, store, histories, aggregate, placement);
  }

  /**
   * An intent that was declared after this fence was read: a relay that finds it, and drops it, has raised the fence above that. So
   * one of an attempt that failed still serves where the fence is the same.
   */
  async hold(stream: string, fence: number, before: Held | undefined): Promise<Held> {
    if (before?.fence === fence) return before;
    this.letGo(stream, before);
    return { fence, intent: await this.intents.declare(stream) };
  }

  /** Nothing was stored under this intent, nor will be. */
  letGo(stream: string, held: Held | undefined): void {
    if (held !== undefined) this.inBackground(stream, () => this.settle(stream, 0, held.intent));
  }

  /** Resolves when the log has the steps, or when they are left to the relay. What is behind that goes on by itself. */
  publish(stream: string, { steps, version, intent }: Stored<State>): Promise<void> {
    const storedAt = performance.now();
    return new Promise((resolve) => {
      this.inBackground(stream, async () => {
        let published = version;
        try {
          const before = version - steps.length;
          if ((this.histories.recall(stream)?.published ?? -1) >= before) await this.publisher.publish(steps);
          else published = (await this.publisher.catchUp(stream, version)).published;
          this.histories.rememberPublished(stream, published);
          this.parts.observer.published(performance.now() - storedAt);
        } finally {
          resolve();
        }
        await this.settle(stream, published, intent);
      });
    });
  }

  /** For what was stored by an attempt of which nobody knows what it published. */
  catchUp(stream: string, atLeast: number, intent: Intent): void {
    this.inBackground(stream, async () => {
      const { published } = await this.publisher.catchUp(stream, atLeast);
      await this.settle(stream, published, intent);
    });
  }

  /** When nothing is under way. */
  async settled(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  /** The log has what the intent is about. */
  private settle(stream: string, published: number, intent: Intent): Promise<void> {
    return this.intents.drop(intent, publishedWrites(stream, published));
  }

  /** An error leaves the intent, and so the rest to the relay. */
  private inBackground(stream: string, work: () => Promise<void>): void {
    const done: Promise<void> = this.inTurn(stream, work)
      .catch((error: unknown) => this.parts.observer.unpublished(stream, error))
      .finally(() => this.underWay.delete(done));
    this.underWay.add(done);
  }
}
