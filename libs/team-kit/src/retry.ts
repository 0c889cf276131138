import { UnavailableError } from '@ringside/core';
import pRetry, { AbortError } from 'p-retry';

import type { Observer } from './observer.js';

/** How often a handler that throws is tried before its event is parked, and how long it waits in between. */
export const handlerAttemptsMax = 4;
const handlerBackoff = { retries: handlerAttemptsMax - 1, minTimeout: 10, factor: 4 };

/** Waits between tries of a dependency that is away: 50 ms, doubling to 5 s, with jitter, for as long as it takes. */
const dependencyBackoff = { retries: Infinity, minTimeout: 50, maxTimeout: 5_000, factor: 2, randomize: true };

/** Calls a dependency until it answers; other errors than {@link UnavailableError} are let through at once. */
export function untilAvailable<T>(call: () => Promise<T>, observer: Observer, signal: AbortSignal): Promise<T> {
  return pRetry(call, {
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

/** Calls a handler until it does not throw, at most {@link handlerAttemptsMax} times; then throws a {@link HandlerError}. */
export function withAttempts<T>(handle: () => Promise<T> | T, signal: AbortSignal): Promise<T> {
  const attempt = async (): Promise<T> => {
    try {
      return await handle();
    } catch (error) {
      // A dependency that is away is no fault of the event. Others are wrapped: p-retry would let a TypeError through.
      throw error instanceof UnavailableError ? new AbortError(error) : new HandlerError(error);
    }
  };
  return pRetry(attempt, { ...handlerBackoff, signal });
}
