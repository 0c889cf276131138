/** Milliseconds since the Unix epoch. Deciders and projections never call one: time comes in with the command or event. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();

/** ISO 8601 UTC with milliseconds, as every API of Ringside writes times: `2026-01-31T12:00:00.000Z`. */
export type IsoTime = string;

let lastMs = NaN;
let lastTime: IsoTime = '';

/** Throws `RangeError` for what is no time. Whoever is busy asks for the same millisecond again and again. */
export function isoTime(epochMs: number): IsoTime {
  if (epochMs !== lastMs) {
    lastTime = new Date(epochMs).toISOString();
    lastMs = epochMs;
  }
  return lastTime;
}
