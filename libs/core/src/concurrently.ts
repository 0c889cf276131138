/** Partitions that one call reads or writes at a time. Beyond that the server would queue them, and time out sooner. */
export const concurrentRequestsMax = 128;

/**
 * Does the work on every item, so many at a time, and answers in their order. After the first failure nothing more is begun;
 * it rejects with that one, when all that was under way has ended.
 */
export async function concurrently<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  let failed = false;
  let failure: unknown;
  const worker = async (): Promise<void> => {
    while (next < items.length && !failed) {
      const i = next++;
      try {
        results[i] = await work(items[i]!);
      } catch (error) {
        if (!failed) failure = error;
        failed = true;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrentRequestsMax, items.length) }, worker));
  if (failed) throw failure;
  return results;
}
