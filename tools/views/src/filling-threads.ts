import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { MixedKeysError, RebuildFencedError, type RebuildHelper, type Watermark } from '@ringside/team-kit';

import type { Options } from './options.js';

/** More of them wait for the store's one writer. */
const threadsMax = 4;

/** Of a thread's heap, in MB: what is made of one batch of events fits, so that little of it is moved before it is garbage. */
const youngMb = 96;

/** What a thread is given. */
export interface FillingShare extends Pick<Options, 'team' | 'data'> {
  readonly generation: number;
  readonly watermark: Watermark;
}

/** What it tells: events as they are read, and what it failed with. It ends by itself when it is done. */
export type FillingMessage =
  | { readonly events: number }
  | { readonly failed: 'rebuild_fenced'; readonly subscription: string; readonly partition: number }
  | { readonly failed: 'mixed_keys'; readonly subscriber: string }
  | { readonly failed: 'otherwise'; readonly message: string };

/** Threads that fill shares of the views, one for each processor where it is not said how many; none where that is but one. */
export function fillingThreads(
  { team, data }: Pick<Options, 'team' | 'data'>,
  signal: AbortSignal,
  threads = Math.min(threadsMax, availableParallelism()),
): readonly RebuildHelper[] {
  const helper: RebuildHelper = ({ generation, watermark, onBatch, signal: others }) => {
    const share: FillingShare = { team, ...(data === undefined ? {} : { data }), generation, watermark };
    return inThread(share, onBatch, others === undefined ? signal : AbortSignal.any([signal, others]));
  };
  return threads < 2 ? [] : Array.from({ length: threads }, () => helper);
}

/** Ends with the thread: what it was writing has come to its end by then. */
function inThread(share: FillingShare, onBatch: (events: number) => void, signal: AbortSignal): Promise<void> {
  const thread = new Worker(new URL('./fill-share.js', import.meta.url), {
    workerData: share,
    resourceLimits: { maxYoungGenerationSizeMb: youngMb },
  });
  const stop = (): void => thread.postMessage('stop');
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  return new Promise<void>((resolve, reject) => {
    let failure: Error | undefined;
    thread.on('message', (message: FillingMessage) => {
      if ('events' in message) onBatch(message.events);
      else failure = errorOf(message);
    });
    thread.on('error', (error) => (failure ??= error instanceof Error ? error : new Error(String(error))));
    thread.on('exit', (code) => {
      if (failure === undefined && code !== 0) failure = new Error(`A thread that fills the views ended with code ${code}.`);
      if (failure === undefined) resolve();
      else reject(failure);
    });
  }).finally(() => signal.removeEventListener('abort', stop));
}

function errorOf(message: Exclude<FillingMessage, { readonly events: number }>): Error {
  switch (message.failed) {
    case 'rebuild_fenced':
      return new RebuildFencedError(message.subscription, message.partition);
    case 'mixed_keys':
      return new MixedKeysError(message.subscriber);
    case 'otherwise':
      return new Error(message.message);
  }
}
