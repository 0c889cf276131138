import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Random } from '@ringside/random';

import type { Answers } from './answers.js';
import type { Reply } from './judge.js';

/** What a disk may do to a file. */
export const harms = ['a bit', 'bits of a page', 'a sector', 'the end'] as const;
export type Harm = (typeof harms)[number];

const dataFiles = ['data/event-log/data.mdb', 'data/views/team/data.mdb'] as const;
const pageBytes = 4_096;
const sectorBytes = 512;
const bitsOfPage = 16;
export const answerMsMax = 30_000;

const fileOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Writes a log and a store to be damaged. */
export async function writeWhole(directory: string, rounds: number): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const args = [fileOf('../power-loss/workload.js'), directory, join(directory, 'acknowledged'), String(rounds)];
  const [code] = (await once(spawn(process.execPath, args, { stdio: 'ignore' }), 'close')) as [number | null];
  if (code !== 0) throw new Error(`What was to be damaged could not be written (${code}).`);
}

/** Asks it for everything, in a process of its own: what is damaged may end that, or never let it finish. */
export async function askForAll(directory: string, rounds: number): Promise<Reply> {
  const child = fork(fileOf('./dump.js'), { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  let late: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve) => {
      late = setTimeout(() => resolve({ kind: 'silent' }), answerMsMax);
      child.once('exit', (code, signal) => resolve({ kind: 'ended', how: signal ?? `exit code ${code}` }));
      child.once('message', (answers) => resolve({ kind: 'answered', answers: answers as Answers }));
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
