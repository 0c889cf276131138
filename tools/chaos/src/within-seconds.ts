import { stripVTControlCharacters } from 'node:util';

import { readableLine } from '@ringside/service-processes';

/** Waits for so many seconds at most; throws then, in the words that are given. */
export async function withinSeconds<T>(secondsMax: number, work: Promise<T>, late: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(late)), secondsMax * 1_000);
  });
  return Promise.race([work, over]).finally(() => clearTimeout(timer));
}

/** What was logged last, as a person reads it; undefined where nothing was. */
export function lastLineOf(log: string): string | undefined {
  const line = log.trimEnd().split('\n').at(-1)!;
  return line === '' ? undefined : stripVTControlCharacters(readableLine(line).text);
}
