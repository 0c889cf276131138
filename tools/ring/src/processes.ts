import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { StartupError } from '@ringside/core';

/**
 * A process, told apart from a later one that was given the same number: numbers are used again, and nobody may end a process
 * that they did not start.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, as the operating system says it: clock ticks since boot where there is /proc, else a date. */
  readonly startedAt: string;
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
}

/** The process that has this number now, or null where none has. One that has ended and awaits its parent counts as none. */
export function identify(pid: number): ProcessIdentity | null {
  const startedAt = existsSync('/proc/self/stat') ? startedAtFromProc(pid) : startedAtFromPs(pid);
  return startedAt === null ? null : { pid, startedAt };
}

export const isRunning = (process: ProcessIdentity): boolean => identify(process.pid)?.startedAt === process.startedAt;

function startedAtFromProc(pid: number): string | null {
  try {
    return startedAtInStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return null;
  }
}

/** Field 22 of /proc/PID/stat. The second field is the program's name in brackets, which may itself contain brackets and spaces. */
export function startedAtInStat(stat: string): string | null {
  const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === 'Z' || state === 'X') return null;
  return rest[18] ?? null;
}

function startedAtFromPs(pid: number): string | null {
  try {
    const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore'];
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8', stdio }).trim();
    const found = /^(\S+)\s+(.+)$/.exec(line);
    return found === null || found[1]!.startsWith('Z') ? null : found[2]!;
  } catch {
    return null;
  }
}

/** Memory that a process holds, in bytes; null where the operating system does not say. */
export function residentBytes(pid: number): number | null {
  try {
    const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return found === null ? null : Number(found[1]) * 1024;
  } catch {
    return null;
  }
}

/** Starts a process that outlives this one and is not reached by a Ctrl-C in this terminal. Its output is added to a file. */
export async function startDetached(command: Command, logFile: string): Promise<ProcessIdentity> {
  const log = openSync(logFile, 'a');
  try {
    const child = spawn(command.file, command.args, {
      cwd: command.cwd,
      detached: true,
      stdio: ['ignore', log, log],
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    const process = identify(child.pid!);
    if (process === null) throw new StartupError(`${command.file} ended as soon as it had started; see ${logFile}.`);
    return process;
  } finally {
    closeSync(log);
  }
}

/** Sends a signal to that very process; false where it runs no more. */
export function signal(target: ProcessIdentity, name: NodeJS.Signals): boolean {
  if (!isRunning(target)) return false;
  try {
    return process.kill(target.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** How long a killed process may take to be gone: the kernel frees its memory first. */
const killedMsMax = 15_000;

/** Asks a process to end, and ends it where it has not after the time given. Returns once it is gone. */
export async function stop(target: ProcessIdentity, graceMs: number): Promise<'stopped' | 'killed' | 'was not running'> {
  if (!signal(target, 'SIGTERM')) return 'was not running';
  // A stopped process (SIGSTOP) would not hear the request.
  signal(target, 'SIGCONT');
  if (await gone(target, graceMs)) return 'stopped';
  await kill(target);
  return 'killed';
}

/** Ends a process at once. Returns once it is gone. */
export async function kill(target: ProcessIdentity): Promise<void> {
  signal(target, 'SIGKILL');
  if (!(await gone(target, killedMsMax))) throw new StartupError(`Process ${target.pid} does not end; it hangs in the kernel.`);
}

async function gone(target: ProcessIdentity, msMax: number): Promise<boolean> {
  const deadline = Date.now() + msMax;
  while (isRunning(target)) {
    if (Date.now() >= deadline) return false;
    await delay(50);
  }
  return true;
}
