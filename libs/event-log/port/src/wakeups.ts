/** The next wake-up, to be asked for before looking, so that what comes while one looks is not missed. */
export interface Wakeup {
  /** Resolves with the wake-up, or after this long. */
  readonly within: (ms: number) => Promise<void>;
}

export interface Wakeups {
  readonly next: () => Wakeup;
  /** Wakes all who wait. */
  readonly wake: () => void;
}

export function createWakeups(): Wakeups {
  let wakes = 0;
  const waiting = new Set<() => void>();
  return {
    next: () => {
      const seen = wakes;
      return {
        within: (ms) =>
          new Promise((resolve) => {
            if (wakes !== seen) return resolve();
            const done = (): void => {
              clearTimeout(timer);
              waiting.delete(done);
              resolve();
            };
            const timer = setTimeout(done, ms);
            waiting.add(done);
          }),
      };
    },
    wake: () => {
      wakes++;
      for (const done of [...waiting]) done();
    },
  };
}
