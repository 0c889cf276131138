import { closeSync, type FSWatcher, openSync, watch, write } from 'node:fs';

export interface DoorbellOptions {
  readonly file: string;
  /** Called soon after any process rang, and every `pollMs` in case a ring was not heard. */
  readonly onRing: () => void;
  /** While the file can be watched; never where absent. */
  readonly pollMs?: number;
  /** Where it cannot. */
  readonly pollWithoutWatchMs: number;
  readonly onWarning: (message: string) => void;
}

/** A file that processes touch to wake each other. */
export interface Doorbell {
  readonly ring: () => void;
  /** Begins to hear. Until then it costs nothing. */
  readonly listen: () => void;
  readonly close: () => void;
}

const stroke = Buffer.from('\n');

export function openDoorbell(options: DoorbellOptions): Doorbell {
  closeSync(openSync(options.file, 'a')); // makes it where it is missing
  const file = openSync(options.file, 'r+');
  let ringing: 'no' | 'once' | 'again' = 'no';
  let watcher: FSWatcher | undefined;
  let poll: NodeJS.Timeout | undefined;
  let listening = false;
  let closed = false;

  /** One write at a time: rings during it become one more. */
  function ring(): void {
    if (closed) return;
    if (ringing !== 'no') {
      ringing = 'again';
      return;
    }
    ringing = 'once';
    write(file, stroke, 0, 1, 0, () => {
      const again = ringing === 'again';
      ringing = 'no';
      if (closed) closeSync(file);
      else if (again) ring();
    });
  }

  function pollEvery(ms: number): void {
    clearInterval(poll);
    poll = setInterval(options.onRing, ms);
    poll.unref();
  }

  function withoutWatch(error: unknown): void {
    watcher?.close();
    watcher = undefined;
    if (closed) return;
    pollEvery(options.pollWithoutWatchMs);
    const reason = error instanceof Error ? error.message : String(error);
    options.onWarning(
      `The file ${options.file} cannot be watched (${reason}): looking every ${options.pollWithoutWatchMs} ms instead.`,
    );
  }

  function listen(): void {
    if (closed || listening) return;
    listening = true;
    if (options.pollMs !== undefined) pollEvery(options.pollMs);
    try {
      watcher = watch(options.file, { persistent: false }, options.onRing);
      watcher.on('error', withoutWatch);
    } catch (error) {
      withoutWatch(error);
    }
  }

  function close(): void {
    if (closed) return;
    closed = true;
    clearInterval(poll);
    watcher?.close();
    if (ringing === 'no') closeSync(file);
  }

  return { ring, listen, close };
}
