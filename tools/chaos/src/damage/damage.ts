import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Random } from '@ringside/casework-load';

import type { Answers } from './dump.js';

/** What a disk may do to a file. */
export const harms = ['a bit', 'bits of a page', 'a sector', 'the end'] as const;
export type Harm = (typeof harms)[number];

const dataFiles = ['data/event-log/data.mdb', 'data/views/team/data.mdb'] as const;
const pageBytes = 4_096;
const sectorBytes = 512;
const bitsOfPage = 16;
const answerMsMax = 30_000;

const fileOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Writes a log and a store to be damaged. */
export async function writeWhole(directory: string, rounds: number): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const args = [fileOf('../power-loss/workload.js'), directory, join(directory, 'acknowledged'), String(rounds)];
  const [code] = (await once(spawn(process.execPath, args, { stdio: 'ignore' }), 'close')) as [number | null];
  if (code !== 0) throw new Error(`What was to be damaged could not be written (${code}).`);
}

/** What it answers when it is asked for everything; how it ended where it did not get to an end. */
export async function askForAll(directory: string, rounds: number): Promise<Answers | string> {
  const child = fork(fileOf('./dump.js'), { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const late = setTimeout(() => child.kill('SIGKILL'), answerMsMax);
  try {
    return await new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
      child.once('message', (answers) => resolve(answers as Answers));
      child.send({ directory, rounds });
    });
  } finally {
    clearTimeout(late);
    child.kill('SIGKILL');
  }
}

/** Copies what is whole, and harms one of its files. Answers with what was done, in words. */
export function harmCopy(whole: string, copy: string, harm: Harm, random: Random): string {
  rmSync(copy, { recursive: true, force: true });
  cpSync(whole, copy, { recursive: true });
  const name = random.pick(dataFiles);
  const file = join(copy, name);
  const bytes = readFileSync(file);
  const at = random.below(bytes.length);
  const page = at - (at % pageBytes);
  const flip = (place: number): void => void (bytes[place]! ^= 1 << random.below(8));
  if (harm === 'a bit') flip(at);
  else if (harm === 'bits of a page') for (let i = 0; i < bitsOfPage; i++) flip(page + random.below(pageBytes));
  else if (harm === 'a sector') bytes.fill(0, at - (at % sectorBytes), at - (at % sectorBytes) + sectorBytes);
  writeFileSync(file, harm === 'the end' ? bytes.subarray(0, at) : bytes);
  return `${harm} of ${name} at ${at}`;
}

export interface Judged {
  /** Nothing that was asked for was hit; or it was said; or the process ended; or something untrue was served. */
  readonly verdict: 'unharmed' | 'said' | 'ended' | 'served';
  /** What was answered otherwise than before, without a word. */
  readonly served: readonly string[];
}

export function judge(whole: Answers, harmed: Answers | string): Judged {
  if (typeof harmed === 'string') return { verdict: 'ended', served: [] };
  const changed = Object.keys(whole).filter((question) => harmed[question] !== whole[question]);
  const served = changed.filter((question) => harmed[question]?.startsWith('said') === false);
  return { verdict: changed.length === 0 ? 'unharmed' : served.length > 0 ? 'served' : 'said', served };
}
