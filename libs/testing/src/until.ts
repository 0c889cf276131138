import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again until the answer is true. Throws with `what` once the deadline (ms) is past: nothing sleeps for a fixed time. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, msMax = 10_000): Promise<void> {
  const deadline = performance.now() + msMax;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`Waited ${msMax} ms in vain: ${what}.`);
    await sleep(5);
  }
}
