import { setTimeout as pause } from 'node:timers/promises';

/** Asks again until the answer is something, for at most so many seconds; what was awaited is in the error. */
export async function until<T>(
  awaited: string,
  secondsMax: number,
  ask: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const giveUpAt = performance.now() + secondsMax * 1_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > giveUpAt) throw new Error(`Waited ${secondsMax} s in vain: ${awaited}.`);
    await pause(25);
  }
}
