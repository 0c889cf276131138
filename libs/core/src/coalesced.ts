/**
 * Does work for many callers, one at a time: calls during one get the next, which they share. So whatever a caller gets was begun after
 * it had called.
 */
export function coalesced<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  let following: Promise<T> | undefined;
  return function call(): Promise<T> {
    if (running === undefined) return (running = work().finally(() => (running = undefined)));
    return (following ??= running
      .catch(() => undefined)
      .then(() => {
        following = undefined;
        return call();
      }));
  };
}
