import { readFileSync } from 'node:fs';

/** What a process holds, in bytes. */
export interface ProcessMemory {
  /** JavaScript objects, garbage that was not collected yet included. */
  readonly heap: number;
  /** What no file is behind: heap, buffers, stacks. */
  readonly anonymous: number;
  /** Pages of files, LMDB's included: the system takes them back when it needs them. */
  readonly mapped: number;
}

const metricsMsMax = 30_000;

/** Of another process. `url`: of its service. Linux only. */
export async function memoryOf(pid: number, url: string): Promise<ProcessMemory> {
  const heap = heapIn(await (await fetch(new URL('/metrics', url), { signal: AbortSignal.timeout(metricsMsMax) })).text());
  return { heap, ...residentIn(readFileSync(`/proc/${pid}/status`, 'utf8')) };
}

/** Of this process. */
export const ownMemory = (): ProcessMemory => ({
  heap: process.memoryUsage().heapUsed,
  ...residentIn(readFileSync('/proc/self/status', 'utf8')),
});

/** Of /proc/PID/status. Shared memory is counted with the files: there is none but theirs. */
export function residentIn(status: string): Omit<ProcessMemory, 'heap'> {
  const bytes = (name: string): number => {
    const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status);
    if (found === null) throw new Error(`The kernel does not say ${name}.`);
    return Number(found[1]) * 1_024;
  };
  return { anonymous: bytes('RssAnon'), mapped: bytes('RssFile') + bytes('RssShmem') };
}

/** Of the metrics that a service shows. */
export function heapIn(metrics: string): number {
  const found = /^nodejs_heap_size_used_bytes(?:\{[^}]*\})? (\S+)$/m.exec(metrics);
  if (found === null) throw new Error('The service does not say how large its heap is.');
  return Number(found[1]);
}
