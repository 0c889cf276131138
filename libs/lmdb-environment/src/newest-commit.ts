import type { Database, RootDatabase } from 'lmdb';

/** Where the number of the newest transaction is kept, within the file. */
export type CommitTable = Database<Buffer, Buffer>;

export const commitTableName = 'commits';

const key = Buffer.from('newest');
const numberBytes = 6;
const triesMax = 5;

export interface NewestCommit {
  /** To be called within a write transaction that writes anything. Answers its number. */
  store(): number;
  /** To be called once that transaction is on disk. */
  committed(number: number): void;
  /**
   * To be called before a read. What LMDB turned back when another process opened the file (see `isTurnedBack`), readers do not see
   * either until it is counted anew: where a read would not see what this process has committed or seen before, it has that done.
   * Answers the number of the newest transaction that reads see.
   */
  requireSeen(): number;
}

export interface NewestCommitOptions {
  readonly root: RootDatabase;
  readonly table: CommitTable;
  readonly recount: () => void;
  /** What is thrown where counting anew does not help: the file is damaged. */
  readonly damaged: () => Error;
}

export function createNewestCommit({ root, table, recount, damaged }: NewestCommitOptions): NewestCommit {
  let known = 0;
  const seen = (): number => table.get(key)?.readUIntBE(0, numberBytes) ?? 0;
  return {
    store: () => {
      const number = root.getWriteTxnId();
      const value = Buffer.allocUnsafe(numberBytes);
      value.writeUIntBE(number, 0, numberBytes);
      table.put(key, value);
      return number;
    },
    committed: (number) => {
      known = Math.max(known, number);
    },
    requireSeen: () => {
      for (let tries = 0; ; tries++) {
        const newest = seen();
        if (newest >= known) {
          known = newest;
          return known;
        }
        if (tries === triesMax) throw damaged();
        recount();
        root.resetReadTxn();
      }
    },
  };
}
