import { UnavailableError } from '@ringside/core';
import type { EnvironmentKind } from './marker.js';

const dependencyOf = (kind: EnvironmentKind): UnavailableError['dependency'] =>
  kind === 'view-store' ? 'view-store' : 'event-log';

/** What LMDB and the operating system answer, in words for whoever operates the machine. */
const sentences: Readonly<Record<number, string>> = {
  [-30792]: 'is full: its map cannot grow',
  [-30795]: 'failed earlier and takes no more writes: restart the process',
  [-30796]: 'is damaged: restore it from a backup',
  [-30790]: 'has too many readers: start fewer processes on it',
  5: 'cannot be written or read: the disk is full, or reports an input/output error',
  12: 'cannot be mapped: the machine is out of memory',
  13: 'may not be written by this user',
  27: 'may not grow further: the limit for the size of a file is reached',
  28: 'is on a disk that is full',
  30: 'is on a disk that is mounted read-only',
  122: 'is on a disk whose quota is used up',
};

export function unavailable(kind: EnvironmentKind, directory: string, cause: unknown): UnavailableError {
  if (cause instanceof UnavailableError) return cause;
  const code = lmdbCodeOf(cause);
  const reason = cause instanceof Error ? cause.message : String(cause);
  const said = (code !== undefined && sentences[code]) || `cannot be used now (${reason})`;
  return new UnavailableError(dependencyOf(kind), `The ${nameOf(kind)} in ${directory} ${said}.`, { cause });
}

/** An error of LMDB or of the disk becomes `UnavailableError`; any other is the caller's own and stays as it is. */
export function translateLmdbError(kind: EnvironmentKind, directory: string, error: unknown): unknown {
  return lmdbCodeOf(error) === undefined ? error : unavailable(kind, directory, error);
}

/** lmdb-js puts the number that LMDB answered into `code`; every other error of Node has a text there. */
function lmdbCodeOf(error: unknown): number | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'number' ? code : undefined;
}

const nameOf = (kind: EnvironmentKind): string =>
  kind === 'event-log-cursors' ? 'file of cursors' : kind.replaceAll('-', ' ');
