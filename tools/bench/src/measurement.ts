import { readFileSync } from 'node:fs';

/** What one process did in one round. */
export interface Measurement {
  readonly events: number;
  readonly seconds: number;
  /** User and system time of the measured process, all its threads. */
  readonly cpuSeconds: number;
}

export const rateOf = ({ events, seconds }: Measurement): number => events / seconds;
export const cpuMicrosPerEvent = ({ events, cpuSeconds }: Measurement): number => (cpuSeconds * 1e6) / events;

/** Measures work of this process. */
export async function measured(events: number, work: () => Promise<void>): Promise<Measurement> {
  const cpuBefore = process.cpuUsage();
  const before = performance.now();
  await work();
  const seconds = (performance.now() - before) / 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { events, seconds, cpuSeconds: (user + system) / 1e6 };
}

/** Linux counts in hundredths of a second, whatever the kernel's own tick is. */
export const ticksPerSecond = 100;

/** CPU time that another process has used so far, in seconds. Linux only. */
export function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name may hold blanks and parentheses
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** A clock that all processes of the machine share and nobody sets, in ms. */
export const machineMs = (): number => Number(process.hrtime.bigint()) / 1e6;
