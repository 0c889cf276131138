import { readCpu } from '../foreign-load.js';
import type { Measurement } from '../measurement.js';

/**
 * Measures from now on what this process does together with servers that it uses: their CPU time counts, with that of all their
 * processes. The function that it gives ends it.
 */
export function measuringWith(servers: readonly number[]): (events: number) => Measurement {
  const cpuBefore = readCpu([process.pid, ...servers]).own;
  const before = performance.now();
  return (events) => {
    const seconds = (performance.now() - before) / 1_000;
    return { events, seconds, cpuSeconds: readCpu([process.pid, ...servers]).own - cpuBefore };
  };
}

export async function measuredWith(
  servers: readonly number[],
  events: number,
  work: () => Promise<unknown>,
): Promise<Measurement> {
  const ended = measuringWith(servers);
  await work();
  return ended(events);
}
