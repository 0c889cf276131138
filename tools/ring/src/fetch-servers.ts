import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartupError } from '@ringside/core';
import { identify } from './processes.js';
import { mavenProject, type Versions } from './shared-settings.js';

export interface FetchOptions {
  readonly cacheDirectory: string;
  readonly versions: Versions;
  readonly report: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface Distributions {
  /** The folder of Pulsar's `bin`, `conf` and `lib`. */
  readonly pulsarHome: string;
  /** The folder of the BookKeeper jars that Pulsar is run with. */
  readonly bookkeeperHome: string;
  /** The folder of Cassandra's jars. */
  readonly cassandraHome: string;
}

interface Product {
  readonly label: string;
  readonly folder: string;
  /** Tells Maven what to fetch, and where to. */
  readonly mavenArguments: (directory: string) => readonly string[];
}

/** Gets the servers through Maven, once; later calls take them from the cache. */
export async function fetchServers(options: FetchOptions): Promise<Distributions> {
  const { pulsar, bookkeeper, cassandra } = options.versions;
  const pulsarFolder = await fetchProduct(options, {
    label: `Pulsar ${pulsar}`,
    folder: `pulsar-${pulsar}`,
    mavenArguments: (directory) => [`-Dpulsar.version=${pulsar}`, `-DoutputDirectory=${directory}`, 'dependency:unpack@pulsar'],
  });
  const bookkeeperHome = await fetchProduct(options, {
    label: `BookKeeper ${bookkeeper}`,
    folder: `bookkeeper-${bookkeeper}`,
    mavenArguments: (directory) => [
      `-Dbookkeeper.version=${bookkeeper}`,
      `-DoutputDirectory=${directory}`,
      'dependency:copy@bookkeeper',
    ],
  });
  const cassandraHome = await fetchProduct(options, {
    label: `Cassandra ${cassandra}`,
    folder: `cassandra-${cassandra}`,
    mavenArguments: (directory) => [
      `-Dcassandra.version=${cassandra}`,
      `-DoutputDirectory=${directory}`,
      'dependency:copy-dependencies@cassandra',
    ],
  });
  return { pulsarHome: join(pulsarFolder, `apache-pulsar-${pulsar}`), bookkeeperHome, cassandraHome };
}

async function fetchProduct(options: FetchOptions, product: Product): Promise<string> {
  const { cacheDirectory, report } = options;
  const folder = join(cacheDirectory, product.folder);
  if (isComplete(folder)) return folder;
  mkdirSync(cacheDirectory, { recursive: true });
  removeAbandoned(cacheDirectory);
  report(`Fetching ${product.label} into ${folder}`);
  const partial = `${folder}.partial-${process.pid}`;
  try {
    await runMaven(product.mavenArguments(partial), options, product.label);
    complete(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return folder;
}

const markOf = (folder: string): string => join(folder, '.complete');
const filesIn = (folder: string): number => readdirSync(folder, { recursive: true }).length;

/**
 * Whether all of a product is there. The mark was written last, and counts the files: a cache that was restored or removed half
 * is as good as none.
 */
export function isComplete(folder: string): boolean {
  if (!existsSync(markOf(folder))) return false;
  return Number(readFileSync(markOf(folder), 'utf8')) === filesIn(folder) - 1;
}

/** Marks a fetched folder and gives it its name. Another process may have done so meanwhile: then its folder stays. */
export function complete(partial: string, folder: string): void {
  writeFileSync(markOf(partial), String(filesIn(partial)));
  if (isComplete(folder)) return;
  rmSync(folder, { recursive: true, force: true });
  renameSync(partial, folder);
}

/** Removes what fetches that were cut off have left. */
function removeAbandoned(cacheDirectory: string): void {
  for (const name of readdirSync(cacheDirectory)) {
    const pid = /\.partial-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && identify(Number(pid)) === null) {
      rmSync(join(cacheDirectory, name), { recursive: true, force: true });
    }
  }
}

const progressMs = 2_000;

async function runMaven(args: readonly string[], { report, signal }: FetchOptions, label: string): Promise<void> {
  const progress = mavenProgress();
  // Checksums that do not match fail the fetch. Without -B, Maven says how far it is even where nobody sees its terminal.
  const maven = spawn('mvn', ['--strict-checksums', '-Dstyle.color=never', '-f', mavenProject, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(signal && { signal }),
  });
  maven.stdout.setEncoding('utf8').on('data', progress.take);
  let last: string | null = null;
  const timer = setInterval(() => {
    const now = progress.describe();
    if (now !== null && now !== last) report(`  ${label}: ${(last = now)}`);
  }, progressMs);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      maven.once('error', reject);
      maven.once('close', resolve);
    });
    if (code === 0) return;
    throw new StartupError(`Maven could not fetch ${label}. ${progress.errors() || `It ended with code ${code}.`}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new StartupError(
      'Maven fetches the servers, and there is no `mvn` on the path: install Maven 3.6 or later, or use docker/compose.yml.',
    );
  } finally {
    clearInterval(timer);
  }
}

/** Makes a line of Maven's output: how much of the large file under way, or how many files. */
export function mavenProgress() {
  let rest = '';
  let files = 0;
  let part: string | null = null;
  const errors: string[] = [];
  return {
    take(text: string): void {
      const lines = (rest + text).split(/[\r\n]+/);
      rest = lines.pop()!;
      for (const line of lines) {
        const found = /^Progress \(\d+\):.*?(\d+)(?:\.\d+)?\/(\d+)(?:\.\d+)? MB/.exec(line);
        if (found) part = `${found[1]} of ${found[2]} MB`;
        if (/^Downloaded from/.test(line)) {
          files += 1;
          part = null;
        }
        if (/^\[ERROR\] \S/.test(line)) errors.push(line.slice('[ERROR] '.length));
      }
    },
    describe: (): string | null => part ?? (files === 0 ? null : `${files} files`),
    /** The first lines of what went wrong; those that follow explain Maven's own switches. */
    errors: (): string => errors.slice(0, 3).join(' '),
  };
}
