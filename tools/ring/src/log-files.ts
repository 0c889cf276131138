import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const tailBytesMax = 256 * 1024;
const followPollMs = 300;

/** The last lines of a file, at most `lines` and at most 256 KiB; nothing where there is no file. */
export function lastLines(file: string, lines: number): string {
  if (!existsSync(file)) return '';
  const { text } = readFrom(file, (size) => Math.max(0, size - tailBytesMax));
  return lines === 0 ? '' : text.trimEnd().split('\n').slice(-lines).join('\n');
}

/** Hands on what is added to a file from now on, until the signal. */
export async function follow(file: string, signal: AbortSignal, print: (text: string) => void): Promise<void> {
  let position = existsSync(file) ? readFrom(file, (size) => size).end : 0;
  while (!signal.aborted) {
    if (existsSync(file)) {
      // A file that is shorter than before is another one: the ring was purged and started again.
      const { text, end } = readFrom(file, (size) => (size < position ? 0 : position));
      if (text !== '') print(text);
      position = end;
    }
    await delay(followPollMs, undefined, { signal }).catch(() => undefined);
  }
}

function readFrom(file: string, startAt: (size: number) => number): { readonly text: string; readonly end: number } {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const start = startAt(size);
    const bytes = Buffer.alloc(Math.min(size - start, tailBytesMax));
    const length = readSync(descriptor, bytes, 0, bytes.length, start);
    return { text: bytes.toString('utf8', 0, length), end: start + length };
  } finally {
    closeSync(descriptor);
  }
}
