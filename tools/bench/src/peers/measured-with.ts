import { readCpu } from '../foreign-load.js';
import type { Measurement } from '../measurement.js';

/** Measures work of this process together with servers that it uses: their CPU time counts, with that of all their processes. */
export async function measuredWith(
  servers: readonly number[],
  events: number,
  work: () => Promise<unknown>,
): Promise<Measurement> {
  const cpuBefore = readCpu([process.pid, ...servers]).own;
  const before = performance.now();
  await work();
  const seconds = (performance.now() - before) / 1_000;
  return { events, seconds, cpuSeconds: readCpu([process.pid, ...servers]).own - cpuBefore };
}
