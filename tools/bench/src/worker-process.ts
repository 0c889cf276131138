import { fork, type ChildProcess } from 'node:child_process';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownSettingsAside } from '@ringside/service-processes';

type Message = { readonly result: unknown } | { readonly ready: unknown } | { readonly error: string };

export interface Worker<Result> {
  /** Resolves with what the worker says when it is ready to go; rejects where it ends before. */
  readonly ready: Promise<unknown>;
  /** Rejects where the worker ends without one. */
  readonly result: Promise<Result>;
  go(): void;
}

export interface WorkerOptions {
  /** Where to write a CPU profile of the worker. */
  readonly profileDirectory?: string | undefined;
  /** One that takes longer waits for what will not come, and fails: {@link roundMinutesMax} where absent. */
  readonly minutesMax?: number;
}

/** No round takes that long, in minutes. */
const roundMinutesMax = 5;

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts `workers/<name>.js`, or a file elsewhere, in a process of its own, with `input`. */
export function startWorker<Result>(
  worker: string | URL,
  input: object,
  { profileDirectory, minutesMax = roundMinutesMax }: WorkerOptions = {},
): Worker<Result> {
  const execArgv = profileDirectory === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDirectory}`];
  const file = fileURLToPath(worker instanceof URL ? worker : new URL(`./workers/${worker}.js`, import.meta.url));
  const name = basename(file, '.js');
  const child = fork(file, [], { execArgv, env: ownSettingsAside(process.env) });
  running.add(child);
  child.send({ input });
  let ready!: (word: unknown) => void;
  let notReady!: (reason: Error) => void;
  const isReady = new Promise<unknown>((resolve, reject) => ([ready, notReady] = [resolve, reject]));
  isReady.catch(() => undefined); // whoever waits for the result alone hears it there
  const result = new Promise<Result>((resolve, reject) => {
    let answer: { readonly result: unknown } | undefined;
    child.on('message', (message: Message) => {
      if ('result' in message) answer = message;
      else if ('error' in message) reject(new Error(`${name}: ${message.error}`));
      else ready(message.ready);
    });
    const late = setTimeout(() => {
      reject(new Error(`${name} was not done after ${minutesMax} minutes.`));
      child.kill('SIGKILL');
    }, minutesMax * 60_000);
    // Only once it has ended: the next process must not share the machine with the end of this one.
    child.on('exit', (code, signal) => {
      clearTimeout(late);
      running.delete(child);
      if (answer !== undefined) resolve(answer.result as Result);
      else reject(new Error(`${name} ended without a result (${signal ?? code}).`));
    });
    child.on('error', reject);
  });
  result.then(() => notReady(new Error(`${name} was never ready.`)), notReady);
  return { ready: isReady, result, go: () => child.send({ go: true }) };
}

export const runWorker = <Result>(worker: string | URL, input: object, options?: WorkerOptions): Promise<Result> =>
  startWorker<Result>(worker, input, options).result;

/** The whole of a worker's main: `work` gets the input, and a function that says it is ready and waits for the word to go. */
export async function workerMain<Input, Result>(
  work: (input: Input, readyToGo: (word?: unknown) => Promise<void>) => Promise<Result>,
): Promise<void> {
  const next = (): Promise<Record<string, unknown>> =>
    new Promise((resolve) => process.once('message', (message) => resolve(message as Record<string, unknown>)));
  const { input } = await next();
  const readyToGo = async (word: unknown = null): Promise<void> => {
    const go = next();
    process.send!({ ready: word });
    await go;
  };
  let answer: Message;
  try {
    answer = { result: (await work(input as Input, readyToGo)) ?? null }; // JSON has no undefined
  } catch (error) {
    answer = { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  await new Promise((sent) => process.send!(answer, sent));
  process.disconnect();
}
