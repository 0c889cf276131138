/** Milliseconds since the Unix epoch. Deciders and projections never call one: time comes in with the command or event. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();

/** ISO 8601 UTC with milliseconds, as every API of Ringside writes times: `2026-01-31T12:00:00.000Z`. */
export type IsoTime = string;

export const isoTime = (epochMs: number): IsoTime => new Date(epochMs).toISOString();
