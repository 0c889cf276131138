import type { CommandContext } from '@ringside/casework';
import { UnavailableError } from '@ringside/core';
import type { Placement } from '@ringside/data-ring';
import type { EventLog } from '@ringside/event-log';
import type { ViewStore } from '@ringside/view-store';

import type { CaseAggregate } from './aggregate.js';
import { CaseHistories } from './case-histories.js';
import type { CommandObserver } from './command-observer.js';
import { IncompleteHistoryError, type EarlierSteps } from './earlier-steps.js';
import { dropWrite, PendingIntents, type Intent } from './intents.js';
import { publishedWrites } from './publications.js';
import { Publisher } from './publisher.js';

export interface RelayOptions<State extends { readonly version: number }> {
  readonly store: ViewStore;
  readonly log: EventLog;
  readonly aggregate: CaseAggregate<State, CommandContext>;
  readonly placement: Placement;
  readonly observer: CommandObserver;
  /** As of `Commands`. */
  readonly earlierSteps?: EarlierSteps;
  /** How long it leaves an intent alone since it first saw it, in ms: whoever declared it is mostly about to drop it. */
  readonly graceMs?: number;
  /** Milliseconds of a clock that never goes back. What is done with it is a matter of speed alone. */
  readonly now?: () => number;
}

const graceMsDefault = 5_000;

/** What is not found again for so long is forgotten, in ms. */
const forgottenMs = 600_000;

interface Found {
  readonly since: number;
  lastSeen: number;
  /** The stream's version when the fence was raised: nothing that the intent is about comes behind it. */
  raisedAt?: number;
}

/**
 * Publishes what others stored and did not publish, because they died, or because the log was away. Every process of a team has
 * one; several may work on one stream at once.
 */
export class Relay<State extends { readonly version: number } = { readonly version: number }> {
  private readonly pending: PendingIntents;
  private readonly publisher: Publisher<State>;
  private readonly found = new Map<string, Found>();

  constructor(private readonly options: RelayOptions<State>) {
    const { store, log, aggregate, placement, earlierSteps } = options;
    this.pending = new PendingIntents(store);
    this.publisher = new Publisher(log, store, new CaseHistories(store, aggregate, earlierSteps), aggregate, placement);
  }

  /** Looks once over the intents. To be called from time to time; rejects with `UnavailableError` where the store is away. */
  async pass(): Promise<void> {
    const { observer, graceMs = graceMsDefault } = this.options;
    const intents = await this.pending.next();
    observer.pending(intents.length);
    const now = (this.options.now ?? (() => performance.now()))();
    const byStream = new Map<string, Intent[]>();
    for (const intent of intents) {
      const found = this.found.get(nameOf(intent)) ?? { since: now, lastSeen: now };
      found.lastSeen = now;
      this.found.set(nameOf(intent), found);
      if (now - found.since >= graceMs) byStream.set(intent.stream, [...(byStream.get(intent.stream) ?? []), intent]);
    }
    for (const [name, { lastSeen }] of this.found) if (now - lastSeen > forgottenMs) this.found.delete(name);
    for (const [stream, old] of byStream) {
      try {
        await this.recover(stream, old);
      } catch (error) {
        observer.unsettled(stream, error);
        // Of one stream another can say nothing; of a dependency that is away it can.
        if (error instanceof UnavailableError && !(error instanceof IncompleteHistoryError)) return;
      }
    }
  }

  private async recover(stream: string, intents: readonly Intent[]): Promise<void> {
    const { store, observer } = this.options;
    const found = intents.map((intent) => this.found.get(nameOf(intent))!);
    // Raised once for each intent, and not again while the log is away: every raise turns away who is at work on the stream.
    if (found.some(({ raisedAt }) => raisedAt === undefined)) {
      const { version } = await store.raiseFence(stream);
      for (const one of found) one.raisedAt = version;
    }
    const raisedAt = Math.max(...found.map(({ raisedAt: version }) => version!));
    // Where nothing was stored nothing is read: what a term would go on from may not be here, and may never be.
    const { count, published } = raisedAt === 0 ? nothing : await this.publisher.catchUp(stream, raisedAt);
    await store.write([...publishedWrites(stream, published), ...intents.map(dropWrite)]);
    for (const intent of intents) this.found.delete(nameOf(intent));
    observer.recovered(stream, count);
  }
}

const nothing = { count: 0, published: 0 } as const;

const nameOf = ({ partition, key, timestamp }: Intent): string => `${partition}/${key}@${timestamp}`;
