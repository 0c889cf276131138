import type { ViewStore, ViewStoreCapabilities } from '@ringside/view-store';

/** What a driver says of itself to be put through the suite. */
export interface ViewStoreContractDriver {
  /** What the store is expected to declare. */
  readonly capabilities: ViewStoreCapabilities;
  /** Why the suite cannot run here, such as a server that is missing. The suite is then skipped, and says so. */
  readonly skipped?: string | undefined;
  /** Each case must have answered by then, in ms. */
  readonly caseMsMax: number;
  /** Starting, and connecting again, must be done by then, in ms. */
  readonly startMsMax: number;
  /** Called once, before the first case. */
  readonly start: () => Promise<StoreUnderTest>;
}

/** One store, empty or not: the cases name their tables, partitions, subscriptions and streams anew in every run. */
export interface StoreUnderTest {
  /** A further client of the same data. The suite closes what it connects. */
  readonly connect: () => Promise<ViewStore>;
  /** Called once, after the last case, when all clients are closed. */
  readonly stop: () => Promise<void>;
}
