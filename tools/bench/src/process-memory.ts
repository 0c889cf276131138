import { residentMemory, type ResidentMemory } from '@ringside/service-processes';

/** What a process holds, in bytes. */
export interface ProcessMemory extends ResidentMemory {
  /** JavaScript objects, garbage that was not collected yet included. */
  readonly heap: number;
}

const metricsMsMax = 30_000;

/** Of another process. `url`: of its service. Linux only. */
export async function memoryOf(pid: number, url: string): Promise<ProcessMemory> {
  const heap = heapIn(await (await fetch(new URL('/metrics', url), { signal: AbortSignal.timeout(metricsMsMax) })).text());
  return { heap, ...residentMemory(pid) };
}

/** Of this process. */
export const ownMemory = (): ProcessMemory => ({
  heap: process.memoryUsage().heapUsed,
  ...residentMemory(process.pid),
});

/** Of the metrics that a service shows. */
export function heapIn(metrics: string): number {
  const found = /^nodejs_heap_size_used_bytes(?:\{[^}]*\})? (\S+)$/m.exec(metrics);
  if (found === null) throw new Error('The service does not say how large its heap is.');
  return Number(found[1]);
}
