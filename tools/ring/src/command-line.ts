import { resolve } from 'node:path';

/** The root of the workspace. */
export const root = resolve(import.meta.dirname, '../../..');

/** npm changes to the root of the workspace, and keeps in INIT_CWD where its user is. */
export const from = process.env['INIT_CWD'] ?? process.cwd();

const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // Whoever asks twice does not want to wait for what is under way.
    if (ending.signal.aborted) process.exit(130);
    ending.abort();
  });
}

/** Aborted when somebody asks this process to end. */
export const interrupted: AbortSignal = ending.signal;

export const print = (line: string): void => console.log(line);

/** A variable of the environment; one that is empty is none. */
export const setting = (name: string): string | undefined => process.env[name] || undefined;

export const list = (text: string): readonly string[] => text.split(',').map((name) => name.trim());
