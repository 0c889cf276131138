/** Lets as many pass as were requested; others wait. */
export interface Gate {
  readonly request: (count: number) => void;
  /** For one at a time. */
  readonly pass: () => Promise<void>;
}

export function createGate(): Gate {
  let open = 0;
  let waiting: (() => void) | undefined;
  return {
    request: (count) => {
      open += count;
      waiting?.();
    },
    pass: async () => {
      if (open <= 0) await new Promise<void>((resolve) => (waiting = resolve));
      waiting = undefined;
      open--;
    },
  };
}
