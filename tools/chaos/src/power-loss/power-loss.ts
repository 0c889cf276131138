import { execFileSync, fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomOf, type Random } from '@ringside/random';

import type { Acknowledged } from './account.js';
import { Disk, losses, type Image, type Loss } from './disk.js';
import type { Question } from './look-process.js';
import { readTrace, traceArguments, type DiskOperation } from './trace.js';

/** In the sources as in the build: a process of its own needs to know how to run this folder's files. */
const isSource = import.meta.url.endsWith('.ts');
const loader = new URL('../../../typescript-sources.mjs', import.meta.url).href;
const fileBeside = (name: string): string => fileURLToPath(new URL(`./${name}.${isSource ? 'ts' : 'js'}`, import.meta.url));
const nodeArguments = isSource ? ['--import', loader, '--conditions=@ringside/source'] : [];

/** Beside the data that is recorded. */
const acknowledgedFile = 'acknowledged';
/** Looking at one image takes a tenth of a second; what is damaged may go round in circles. */
const lookMsMax = 30_000;

/** What was done to the disk and acknowledged, in one order. */
export interface Recording {
  readonly directory: string;
  readonly operations: readonly DiskOperation[];
  /** After so many operations it was acknowledged. */
  readonly acknowledged: readonly { readonly what: Acknowledged; readonly after: number }[];
}

export interface RecordingOptions {
  /** Of its own, and empty. */
  readonly directory: string;
  readonly rounds: number;
  /** Known bugs, to show that they are found. */
  readonly bug?: 'acknowledges before it knows' | 'overlapping sync' | 'syncs nothing';
}

/** Why nothing can be recorded here; undefined where it can. */
export function missingTracer(): string | undefined {
  if (process.platform !== 'linux') return 'strace is for Linux';
  try {
    execFileSync('strace', ['-f', '-o', '/dev/null', 'true'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return "strace (Debian's package strace) is missing, or may not trace here";
  }
}

const workloadArguments: Readonly<Record<NonNullable<RecordingOptions['bug']>, readonly string[]>> = {
  'acknowledges before it knows': ['early'],
  'overlapping sync': [],
  'syncs nothing': [],
};

/** Records what the drivers do to their files while they are written to. */
export async function record({ directory, rounds, bug }: RecordingOptions): Promise<Recording> {
  const disk = join(directory, 'disk');
  const [trace, acks] = [join(directory, 'trace'), join(disk, acknowledgedFile)];
  mkdirSync(disk, { recursive: true });
  const lying = bug === 'syncs nothing' ? ['-e', 'inject=fsync,fdatasync:retval=0'] : [];
  const mutated = bug === 'overlapping sync' ? ['--import', new URL('../../overlapping-sync.mjs', import.meta.url).href] : [];
  const node = [process.execPath, ...nodeArguments, ...mutated, fileBeside('workload'), disk, acks, String(rounds)];
  const child = spawn('strace', ['-o', trace, ...traceArguments, ...lying, ...node, ...(bug ? workloadArguments[bug] : [])], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`What was to be recorded ended with ${code}: ${said.slice(-2_000)}`);
  const operations: DiskOperation[] = [];
  const acknowledged: { what: Acknowledged; after: number }[] = [];
  for (const operation of readTrace(readFileSync(trace, 'latin1'), disk)) {
    const isAck = 'path' in operation && operation.path === acks;
    // Places in the trace are kept: a sync names the operations before it by their number.
    operations.push(isAck ? { kind: 'sync', path: acks, since: 0 } : operation);
    if (!isAck || operation.kind !== 'write') continue;
    for (const what of operation.bytes.toString().trim().split('\n'))
      acknowledged.push({ what: what as Acknowledged, after: operations.length });
  }
  requireSame(disk, operations);
  rmSync(trace);
  return { directory: disk, operations, acknowledged };
}

/** Without a power cut the model has what the files have; otherwise it has missed something, and shows nothing. */
function requireSame(directory: string, operations: readonly DiskOperation[]): void {
  const disk = new Disk(directory);
  for (const operation of operations) disk.apply(operation);
  for (const [path, bytes] of disk.image('all of them', randomOf(0))) {
    if (path.endsWith('-lock') || path === join(directory, acknowledgedFile)) continue;
    if (!readFileSync(path).equals(bytes)) throw new Error(`The recording of ${path} is not what the file became.`);
  }
}

export interface PowerLossFigures {
  readonly operations: number;
  readonly acknowledged: number;
  readonly images: number;
  /** In words, with what reproduces them. */
  readonly faults: readonly string[];
}

export interface ImagesOptions {
  /** Of its own. */
  readonly directory: string;
  readonly random: Random;
  /** How many moments are looked at, evenly over all of them; each with every kind of loss. */
  readonly moments: number;
  /** Looking ends at so many faults. */
  readonly faultsMax: number;
}

/** Lets the power go at many moments of the recording, and looks at what is left with the real drivers. */
export async function loseThePower(recording: Recording, options: ImagesOptions): Promise<PowerLossFigures> {
  const { operations, acknowledged } = recording;
  const disk = new Disk(recording.directory);
  const looker = startLooker();
  const faults: string[] = [];
  const every = Math.max(1, operations.length / options.moments);
  let [images, next] = [0, 0];
  try {
    for (let done = 0; done <= operations.length && faults.length < options.faultsMax; done++) {
      if (done >= next || done === operations.length) {
        next += every * (0.5 + options.random.below(1_000) / 1_000);
        const known = acknowledged.filter(({ after }) => after <= done).map(({ what }) => what);
        for (const loss of disk.unsafe === 0 ? (['all of them'] satisfies Loss[]) : losses) {
          const directory = join(options.directory, 'image');
          store(disk.image(loss, options.random), recording.directory, directory);
          images++;
          const found = await looker.look({ directory, acknowledged: known });
          if (found.length === 0) continue;
          looker.end(); // what was damaged may still be open there
          faults.push(
            `after ${done} of ${operations.length} operations, ${loss} of the unsynced being left: ${found.slice(0, 3).join('; ')}`,
          );
        }
      }
      if (done < operations.length) disk.apply(operations[done]!);
    }
  } finally {
    looker.end();
  }
  return { operations: operations.length, acknowledged: acknowledged.length, images, faults };
}

function store(image: Image, from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  for (const [path, bytes] of image) {
    const file = join(to, relative(from, path));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
}

function startLooker() {
  let child: ChildProcess | undefined;
  const look = (question: Question): Promise<readonly string[]> => {
    child ??= fork(fileBeside('look-process'), { execArgv: nodeArguments, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    const asked = child;
    return new Promise((resolve) => {
      let late = false;
      const timer = setTimeout(() => (late = asked.kill('SIGKILL')), lookMsMax);
      const onEnd = (code: number | null, signal: NodeJS.Signals | null): void => {
        clearTimeout(timer);
        if (child === asked) child = undefined;
        resolve([
          late ? `whoever opens it is not done after ${lookMsMax / 1_000} s` : `whoever opens it ends with ${signal ?? code}`,
        ]);
      };
      asked.once('exit', onEnd);
      asked.once('message', (faults) => {
        clearTimeout(timer);
        asked.off('exit', onEnd);
        resolve(faults as readonly string[]);
      });
      asked.send(question);
    });
  };
  const end = (): void => {
    child?.kill('SIGKILL');
    child = undefined;
  };
  return { look, end };
}
