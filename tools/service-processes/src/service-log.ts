import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import pc from 'picocolors';

/** Where a service's lines go: all into its file, and those that a person should see onto the terminal. */
export interface ServiceLog {
  /** Reads both streams of a process until they end. */
  follow(streams: { readonly stdout: Readable; readonly stderr: Readable }): FollowedProcess;
  /** Resolves when everything is in the file. */
  close(): Promise<void>;
}

export interface FollowedProcess {
  /** What it has written to stderr and nobody was shown: why it did not start, most likely. */
  takeStderr(): readonly string[];
  /** From now on stderr goes to the terminal. */
  showStderr(): void;
}

export interface ServiceLogOptions {
  readonly name: string;
  readonly file: string;
  /** Show every line, not only warnings and worse. */
  readonly verbose: boolean;
  readonly print: (line: string) => void;
}

const levelsShown = new Set(['warn', 'error', 'fatal']);
const stderrLinesMax = 50;
/** A line that stderr repeats, as a full disk makes LMDB do, is shown once in this time, in ms. */
const sameLineMs = 10_000;

export function openServiceLog({ name, file, verbose, print }: ServiceLogOptions): ServiceLog {
  const stream = createWriteStream(file, { flags: 'a' });
  // A full disk is the services' to tell; without its file a log is still on the terminal.
  stream.once('error', (error) => print(`${pc.yellow('No log file')} for ${name}: ${error.message}.`));
  stream.on('error', () => undefined);
  const show = (line: string): void => print(`${pc.cyan(name)} ${line}`);
  const isNew = newLines();
  return {
    follow({ stdout, stderr }) {
      let hidden: string[] | undefined = [];
      createInterface({ input: stdout }).on('line', (line) => {
        stream.write(`${line}\n`);
        const readable = readableLine(line);
        if (verbose || readable.level === undefined || levelsShown.has(readable.level)) show(readable.text);
      });
      createInterface({ input: stderr }).on('line', (line) => {
        stream.write(`${line}\n`);
        if (hidden !== undefined && hidden.length < stderrLinesMax) hidden.push(line);
        if (hidden === undefined && isNew(line)) show(pc.red(line));
      });
      const takeStderr = (): readonly string[] => hidden?.splice(0) ?? [];
      const showStderr = (): void => {
        for (const line of takeStderr()) show(pc.red(line));
        hidden = undefined;
      };
      return { takeStderr, showStderr };
    },
    close: () => (stream.destroyed ? Promise.resolve() : new Promise((resolve) => stream.end(() => resolve()))),
  };
}

function newLines(): (line: string) => boolean {
  const shown = new Map<string, number>();
  return (line) => {
    const now = performance.now();
    for (const [old, at] of shown) if (now - at > sameLineMs) shown.delete(old);
    if (shown.has(line)) return false;
    shown.set(line, now);
    return true;
  };
}

/** A JSON log line as a person reads it: level, message, and the fields that are its own. A line that is not JSON as it is. */
export function readableLine(line: string): { readonly level?: string; readonly text: string } {
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return { text: line };
  }
  const { level, msg, time: _time, service: _service, region: _region, ...own } = fields;
  const name = String(level);
  const colour = name === 'warn' ? pc.yellow : levelsShown.has(name) ? pc.red : pc.dim;
  const rest = Object.entries(own).map(([field, value]) => `${field}=${shortly(value)}`);
  return { level: name, text: [colour(name), String(msg), pc.dim(rest.join(' '))].join(' ').trimEnd() };
}

function shortly(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const { message } = value as { message?: unknown };
  return typeof message === 'string' ? message : JSON.stringify(value);
}
