/** What the threads share: which run is next; and of each thread which run it is at, and how many it has begun. */
export type Turns = Int32Array;

const placeOf = (thread: number): number => 1 + 2 * thread;

export const turnsFor = (threads: number): Turns =>
  new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * placeOf(threads)));

/** The number of the next run, from 0, for one thread and no other; undefined where none of so many is left. */
export function takeTurn(turns: Turns, thread: number, count: number): number | undefined {
  const at = Atomics.add(turns, 0, 1);
  if (at >= count) return undefined;
  Atomics.store(turns, placeOf(thread), at);
  beat(turns, thread);
  return at;
}

/** Says that a thread begins with a run, be it the one before once more. */
export const beat = (turns: Turns, thread: number): void => void Atomics.add(turns, placeOf(thread) + 1, 1);

/** No thread begins with another run. */
export const endTurns = (turns: Turns, count: number): void => void Atomics.store(turns, 0, count);

/** At which run a thread is, or was last. */
export const runAt = (turns: Turns, thread: number): number => Atomics.load(turns, placeOf(thread));

export const beatsOf = (turns: Turns, thread: number): number => Atomics.load(turns, placeOf(thread) + 1);

/** Asked again and again, says whether a thread has been at the same run for too long. */
export function stuckWatch(msMax: number, nowMs: number): (beats: number, nowMs: number) => boolean {
  let seen = 0;
  let since = nowMs;
  return (beats, now) => {
    if (beats !== seen) since = now;
    seen = beats;
    return now - since > msMax;
  };
}
