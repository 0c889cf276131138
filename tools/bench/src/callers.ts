/** Does `total` calls, numbered from 0, by so many callers at once: each begins its next one when its last one has answered. */
export async function byCallers(callers: number, total: number, call: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < total) await call(next++);
  };
  await Promise.all(Array.from({ length: callers }, caller));
}
