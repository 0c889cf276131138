import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import type { RootDatabase } from 'lmdb';

/** What lmdb-js knows of its file; its types leave it out. */
interface Informed {
  readonly env: { info(): { readonly lastTxnId: number } };
}

/**
 * Whether LMDB would write over its newest transaction. To be asked within a write transaction, before anything is written in it.
 *
 * Processes share a count of transactions beside the file, by which a writer finds where to begin. Whoever opens the file sets the
 * count to the newest transaction that it has found in it a moment earlier (`mdb_env_open2`); if another process commits between the
 * two, its commit is not counted, and the next writer begins where it began. The file itself tells: its newest transaction is
 * always the one before.
 */
export const isTurnedBack = (root: RootDatabase): boolean =>
  root.getWriteTxnId() !== (root as unknown as Informed).env.info().lastTxnId + 1;

const msMax = 10_000;

/** What is opened sets the count; the options are those that decide how LMDB reads the file. */
const openOnce = `const [lmdb, path] = process.argv.slice(1);
require(lmdb).open({ path, overlappingSync: false, mapSize: 2 ** 32 });
process.exit(0);`;

/**
 * Has LMDB count its transactions anew, by opening the file in a process of its own: within one process it is open only once. Takes
 * about 0.1 s, and is needed once in hundreds of openings under load. Throws where the process cannot be started, or ends badly.
 */
export function recount(file: string): void {
  const lmdb = createRequire(import.meta.url).resolve('lmdb');
  execFileSync(process.execPath, ['-e', openOnce, lmdb, file], { timeout: msMax, stdio: ['ignore', 'ignore', 'pipe'] });
}
