import { readdirSync, readFileSync } from 'node:fs';

import { machineMs, ticksPerSecond } from './measurement.js';

/** What processors did so far, in seconds. */
export interface CpuReading {
  readonly atMs: number;
  /** All processors, whatever they did but idle, and what the machine beneath a virtual one took from them. */
  readonly machine: number;
  /** The bench and all that it started. */
  readonly own: number;
}

export interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  /** Its own time and that of its children that have ended, in seconds. */
  readonly seconds: number;
}

/** A round during which others took more than this many cores in the mean says little of who was measured. */
export const foreignCoresMax = 1 / 3;

export const isClean = (foreignCores: number): boolean => foreignCores <= foreignCoresMax;

/** How many cores others took between two readings, in the mean. What is within the clock's steps is none. */
export function foreignCores(before: CpuReading, after: CpuReading): number {
  const seconds = (after.atMs - before.atMs) / 1_000;
  if (seconds <= 0) return 0;
  return Math.max(0, (after.machine - before.machine - (after.own - before.own)) / seconds);
}

/** Reads what was used up to now. `roots`: processes that count as the bench's own, with all that they started. Linux only. */
export function readCpu(roots: readonly number[]): CpuReading {
  const own = secondsOfTrees(runningProcesses(), roots);
  return { atMs: machineMs(), machine: busySeconds(readFileSync('/proc/stat', 'utf8')), own };
}

/** Of the first line of /proc/stat: user, nice, system, interrupts and stolen; not idle and waiting for a disk. */
export function busySeconds(stat: string): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = stat
    .slice(0, stat.indexOf('\n'))
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) / ticksPerSecond;
}

/** What these processes and all that descend from them have used. Those that ended are in what their parents waited for. */
export function secondsOfTrees(processes: readonly ProcessTimes[], roots: readonly number[]): number {
  const own = new Set(roots);
  for (let size = -1; size !== own.size;) {
    size = own.size;
    for (const { pid, parent } of processes) if (own.has(parent)) own.add(pid);
  }
  return processes.reduce((sum, { pid, seconds }) => (own.has(pid) ? sum + seconds : sum), 0);
}

/** Of /proc/PID/stat. */
export function processTimes(stat: string): ProcessTimes {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name may hold blanks and parentheses
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { pid: Number.parseInt(stat, 10), parent: Number(fields[1]), seconds: ticks / ticksPerSecond };
}

function runningProcesses(): readonly ProcessTimes[] {
  const found: ProcessTimes[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      found.push(processTimes(readFileSync(`/proc/${name}/stat`, 'utf8')));
    } catch {
      // It has ended meanwhile: its time is in its parent's by now.
    }
  }
  return found;
}
