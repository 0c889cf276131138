import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StartupError } from '@ringside/core';
import { identify, isRunning, type ProcessIdentity } from './processes.js';

export const serverNames = ['pulsar', 'cql'] as const;
export type ServerName = (typeof serverNames)[number];

export interface RegionRecord {
  readonly name: string;
  /** Which block of ports the region has. It keeps it for as long as it keeps its data, which remember the ports. */
  readonly block: number;
  readonly processes: Readonly<Record<ServerName, ProcessIdentity | null>>;
}

/** What a ring's directory says about itself, so that another shell can tell and stop what runs. */
export interface RingRecord {
  readonly format: 1;
  readonly regions: readonly RegionRecord[];
}

const emptyRing: RingRecord = { format: 1, regions: [] };
const fileOf = (directory: string): string => join(directory, 'ring.json');
const lockOf = (directory: string): string => join(directory, 'ring.lock');

export function readRingFile(directory: string): RingRecord {
  let text: string;
  try {
    text = readFileSync(fileOf(directory), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return emptyRing;
    throw error;
  }
  const record = parsed(text);
  if (record?.format === 1 && Array.isArray(record.regions)) return record;
  throw new StartupError(
    `${fileOf(directory)} is not one that this version understands; stop its servers by hand and remove it.`,
  );
}

function parsed(text: string): RingRecord | null {
  try {
    return JSON.parse(text) as RingRecord | null;
  } catch {
    return null;
  }
}

/** Replaces the file as a whole: a reader sees the old one or the new one. */
export function writeRingFile(directory: string, ring: RingRecord): void {
  const temporary = `${fileOf(directory)}.${process.pid}`;
  const file = openSync(temporary, 'w');
  try {
    writeFileSync(file, `${JSON.stringify(ring, null, 2)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, fileOf(directory));
}

export const removeRingFile = (directory: string): void => rmSync(fileOf(directory), { force: true });

/** The record with another state of one region: changed where it is known, else added. */
export function withRegion(ring: RingRecord, region: RegionRecord): RingRecord {
  const known = ring.regions.some(({ name }) => name === region.name);
  const regions = known
    ? ring.regions.map((other) => (other.name === region.name ? region : other))
    : [...ring.regions, region];
  return { ...ring, regions };
}

/** How long to wait for another command on the same ring; what is done under the lock takes seconds, stopping included. */
const lockWaitMsMax = 60_000;

/** Runs one change of a ring at a time, among all processes. A lock whose holder has died is taken over. */
export async function withLock<T>(directory: string, change: () => Promise<T>): Promise<T> {
  mkdirSync(directory, { recursive: true });
  const deadline = Date.now() + lockWaitMsMax;
  while (!tryLock(directory)) {
    if (Date.now() >= deadline) {
      throw new StartupError(
        `Another command is at work on the ring in ${directory}; wait for it, or remove ${lockOf(directory)}.`,
      );
    }
    await delay(100);
  }
  try {
    return await change();
  } finally {
    rmSync(lockOf(directory), { force: true });
  }
}

function tryLock(directory: string): boolean {
  try {
    writeFileSync(lockOf(directory), JSON.stringify(identify(process.pid)), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const holder = lockHolder(directory);
  if (holder !== 'unknown' && !isRunning(holder)) rmSync(lockOf(directory), { force: true });
  return false;
}

/** Unknown while the holder is between making the file and writing it. */
function lockHolder(directory: string): ProcessIdentity | 'unknown' {
  try {
    return (JSON.parse(readFileSync(lockOf(directory), 'utf8')) as ProcessIdentity | null) ?? 'unknown';
  } catch {
    return 'unknown';
  }
}
