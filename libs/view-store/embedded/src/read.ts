/** Runs reads that see what is committed by now, by any process, and all the same state. LMDB's errors come out in words. */
export type Read = <T>(work: () => T) => T;
