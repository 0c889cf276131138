/** What has to end with the run, however that ends. */
export interface Endings {
  /** Aborted as the first thing of {@link Endings.endAll}: whoever starts something asks it before, and ends child processes by it. */
  readonly signal: AbortSignal;
  /** `end` is called once, by what comes back or by {@link Endings.endAll}; whoever calls again waits for the first call. */
  add(end: () => Promise<void>): () => Promise<void>;
  /** Ends what has not ended yet. Rejects with what failed only when all the rest has ended. */
  endAll(): Promise<void>;
}

export function createEndings(): Endings {
  const controller = new AbortController();
  const open = new Set<() => Promise<void>>();
  return {
    signal: controller.signal,
    add(end) {
      let ending: Promise<void> | undefined;
      const endOnce = (): Promise<void> => (ending ??= end().finally(() => open.delete(endOnce)));
      open.add(endOnce);
      return endOnce;
    },
    async endAll() {
      controller.abort();
      const outcomes = await Promise.allSettled([...open].map((end) => end()));
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },
  };
}
