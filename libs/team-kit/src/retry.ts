import { UnavailableError } from '@ringside/core';
import pRetry, { AbortError } from 'p-retry';

import type { Observer } from './observer.js';

/** How often a handler that throws is tried before its event is parked, and how long it waits in between. */
export const handlerAttemptsMax = 4;
const handlerBackoff = { minTimeout: 10, factor: 4 };

/** Waits between tries of a dependency that is away: 50 ms, doubling to 5 s, with jitter, for as long as it takes. */
const dependencyBackoff = { retries: Infinity, minTimeout: 50, maxTimeout: 5_000, factor: 2, randomize: true };

/** Calls a dependency until it answers; other errors than {@link UnavailableError} are let through at once. */
export async function untilAvailable<T>(call: () => Promise<T>, observer: Observer, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let first: unknown;
  try {
    // The usual case, several times for every batch: without what tries again.
    return await call();
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    first = error;
  }
  return pRetry((attempt) => (attempt === 1 ? Promise.reject(first as Error) : call()), {
    ...dependencyBackoff,
    signal,
    shouldRetry: ({ error }) => error instanceof UnavailableError,
    onFailedAttempt: ({ error, attemptNumber }) => {
      if (error instanceof UnavailableError) observer.waiting(error.dependency, error.message, attemptNumber);
    },
  });
}

/** What a handler threw at its last try. */
export class HandlerError extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause), { cause });
  }
}

/** Calls a handler until it does not throw, `attemptsMax` times at most; then throws a {@link HandlerError}. */
export async function withAttempts<T>(
  handle: () => Promise<T> | T,
  signal: AbortSignal,
  attemptsMax: number = handlerAttemptsMax,
): Promise<T> {
  signal.throwIfAborted();
  let first: unknown;
  try {
    return await handle();
  } catch (error) {
    if (error instanceof UnavailableError) throw error;
    first = error;
  }
  const attempt = async (number: number): Promise<T> => {
    try {
      if (number === 1) throw first;
      return await handle();
    } catch (error) {
      // A dependency that is away is no fault of the event. Others are wrapped: p-retry would let a TypeError through.
      throw error instanceof UnavailableError ? new AbortError(error) : new HandlerError(error);
    }
  };
  return pRetry(attempt, { ...handlerBackoff, retries: attemptsMax - 1, signal });
}

/**
 * Tries the projections of one batch: they wait for nothing but rows, so that they seldom do better the next time.
 * What a batch waits between tries is bounded: once that is used up, an event is tried again once and at once.
 */
export class ProjectionAttempts {
  constructor(
    private waitsMsLeft: number,
    private readonly signal: AbortSignal,
  ) {}

  /** The first try costs no promise, unless rows have to be fetched: it nearly always succeeds, and this runs for every event. */
  run<T>(handle: () => T | Promise<T>): T | Promise<T> {
    try {
      const outcome = handle();
      return outcome instanceof Promise ? outcome.catch(() => this.again(handle)) : outcome;
    } catch {
      return this.again(handle);
    }
  }

  private async again<T>(handle: () => T | Promise<T>): Promise<T> {
    const begun = performance.now();
    try {
      return await withAttempts(handle, this.signal, this.waitsMsLeft > 0 ? handlerAttemptsMax - 1 : 1);
    } finally {
      this.waitsMsLeft -= performance.now() - begun;
    }
  }
}
