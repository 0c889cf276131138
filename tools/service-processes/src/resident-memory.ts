import { readFileSync } from 'node:fs';

/** What of a process is in memory, in bytes. */
export interface ResidentMemory {
  /** What no file is behind: heap, buffers, stacks. */
  readonly anonymous: number;
  /** Pages of files, LMDB's included: the system takes them back when it needs them. */
  readonly mapped: number;
}

/** By Linux, of a process that runs: throws where there is none. */
export const residentMemory = (pid: number): ResidentMemory => residentIn(readFileSync(`/proc/${pid}/status`, 'utf8'));

/** Of /proc/PID/status. Shared memory is counted with the files: there is none but theirs. */
export function residentIn(status: string): ResidentMemory {
  const bytes = (name: string): number => {
    const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status);
    if (found === null) throw new Error(`The kernel does not say ${name}.`);
    return Number(found[1]) * 1_024;
  };
  return { anonymous: bytes('RssAnon'), mapped: bytes('RssFile') + bytes('RssShmem') };
}
