import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StartupError } from '@ringside/core';

/** Cassandra 5.0 runs on no later version, Pulsar 4.0 on no earlier one. */
const javaMajor = 17;

/** The path of a Java that both servers run on. Throws {@link StartupError} that says what was found instead. */
export async function findJava(javaHome: string | undefined): Promise<string> {
  const java = javaHome === undefined ? 'java' : join(javaHome, 'bin', 'java');
  const where = javaHome === undefined ? 'on the path' : 'in JAVA_HOME';
  let said: string;
  try {
    said = (await promisify(execFile)(java, ['-version'])).stderr;
  } catch (error) {
    throw new StartupError(`The servers need Java ${javaMajor}, and there is none ${where}.`, { cause: error });
  }
  const major = javaMajorIn(said);
  if (major === javaMajor) return java;
  throw new StartupError(
    `The servers need Java ${javaMajor}; the one ${where} is ${major ?? 'of an unknown version'}. Set JAVA_HOME to another.`,
  );
}

/** `17` of `openjdk version "17.0.15"`, `8` of `java version "1.8.0_402"`. */
export function javaMajorIn(said: string): number | null {
  const found = /version "(?:1\.)?(\d+)/.exec(said);
  return found === null ? null : Number(found[1]);
}

export const openToAll = (modules: readonly string[]): readonly string[] =>
  modules.flatMap((module) => ['--add-opens', `${module}=ALL-UNNAMED`]);

export const exportToAll = (modules: readonly string[]): readonly string[] =>
  modules.flatMap((module) => ['--add-exports', `${module}=ALL-UNNAMED`]);

export interface JvmBounds {
  readonly heapMegabytes: number;
  readonly directMegabytes: number;
}

/** Options of every server's Java: it takes little memory at first, no more than the bounds, and leaves nothing outside its folder. */
export const jvmOptions = ({ heapMegabytes, directMegabytes }: JvmBounds, temporaryDirectory: string): readonly string[] => [
  '-Xms128m',
  `-Xmx${heapMegabytes}m`,
  `-XX:MaxDirectMemorySize=${directMegabytes}m`,
  '-XX:+UseG1GC',
  '-XX:+ExitOnOutOfMemoryError',
  // Native libraries are unpacked into the temporary folder, and a killed process leaves them there.
  `-Djava.io.tmpdir=${temporaryDirectory}`,
  '-XX:-UsePerfData',
];
