import { readFileSync } from 'node:fs';
import { arch, cpus, platform, release, totalmem } from 'node:os';

/** What the figures were made on: no names of hosts, users or directories. */
export interface Machine {
  readonly node: string;
  readonly lmdb: string;
  readonly cpu: string;
  readonly cpus: number;
  readonly memoryGiB: number;
  readonly system: string;
}

export function describeMachine(): Machine {
  // The package does not export its package.json.
  const file = new URL('package.json', import.meta.resolve('lmdb'));
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  return {
    node: process.version,
    lmdb: version,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cpus: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
  };
}

export const machineLine = ({ node, lmdb, cpu, cpus: count, memoryGiB, system }: Machine): string =>
  `node ${node}, lmdb-js ${lmdb}, ${count} × ${cpu}, ${memoryGiB} GiB, ${system}`;
