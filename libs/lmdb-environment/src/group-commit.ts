import type { RootDatabase } from 'lmdb';

import type { NewestCommit } from './newest-commit.js';
import { isTurnedBack } from './turned-back.js';

/** Runs inside a write transaction. Synchronous; may run twice, so it changes nothing outside of the transaction. */
export type Work<T> = () => T;

export interface WriteOptions {
  /**
   * The work throws before its first write, if at all: it needs no nested transaction by which it could be undone, which costs more
   * than a few writes do. It runs once.
   */
  readonly writesLast?: boolean;
  /** The work writes nothing: where all of a group do not, nothing is flushed. */
  readonly writesNothing?: boolean;
}

interface Waiting {
  readonly work: Work<unknown>;
  readonly writesLast: boolean;
  readonly writesNothing: boolean;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

type Outcome = { readonly value: unknown } | { readonly error: unknown };

export interface GroupCommit {
  /** Resolves when the work's writes are on disk. */
  readonly write: <T>(work: Work<T>, options?: WriteOptions) => Promise<T>;
  /** Whether the last commit that had something to flush failed, or is late. */
  readonly isFailing: () => boolean;
  /** Resolves when nothing is under way, or when it is plain that the commit under way does not come back. */
  readonly drained: () => Promise<'done' | 'stalled'>;
}

export interface GroupCommitOptions {
  readonly commitMsMax: number;
  readonly translate: (error: unknown) => unknown;
  /** Has LMDB count its transactions anew: see `isTurnedBack`. */
  readonly recount: () => void;
  readonly newest: Pick<NewestCommit, 'store' | 'committed'>;
}

/** After this long a group is closed and committed, so that a large backlog does not hold up the event loop. */
const groupMsMax = 20;

/**
 * Collects what is written while a commit is under way into the next one, so that all of it shares one flush to disk.
 *
 * A work that throws fails alone: its group is rolled back and run again, each work in a transaction of its own within the
 * group's. A commit that fails is every work's failure.
 */
export function createGroupCommit(root: RootDatabase, options: GroupCommitOptions): GroupCommit {
  let queue: Waiting[] = [];
  let committing: Promise<void> | undefined;
  let stalled = false;
  let failing = false;
  let stall = signal();

  function write<T>(work: Work<T>, { writesLast = false, writesNothing = false }: WriteOptions = {}): Promise<T> {
    if (stalled) return Promise.reject(options.translate(stalledError(options.commitMsMax)) as Error);
    return new Promise<T>((resolve, reject) => {
      queue.push({ work, writesLast, writesNothing, resolve: resolve as (value: unknown) => void, reject });
      committing ??= commitAll();
    });
  }

  async function commitAll(): Promise<void> {
    // A turn of the event loop is given to everyone who writes in it; lmdb-js begins its transactions behind one as well.
    while (queue.length > 0) await commitGroup();
    committing = undefined;
  }

  async function commitGroup(): Promise<void> {
    let group: Waiting[] = [];
    let outcomes: readonly Outcome[] = [];
    let number = 0;
    let flushes = false;
    const watchdog = setTimeout(() => {
      stalled = true;
      failing = true;
      stall.fire();
      // What has not begun will not be run; what has may still be committed. Either way the caller does not know.
      for (const waiting of [...group, ...queue]) waiting.reject(options.translate(stalledError(options.commitMsMax)));
      queue = [];
    }, options.commitMsMax);
    try {
      const isBegun = (): boolean => {
        if (isTurnedBack(root)) return false; // without a write, the transaction leaves everything as it is
        const closesAt = performance.now() + groupMsMax;
        group = queue;
        queue = [];
        outcomes = runGroup(root, group, closesAt);
        queue = [...group.splice(outcomes.length), ...queue];
        flushes = !group.every(({ writesNothing }) => writesNothing);
        if (flushes) number = options.newest.store();
        return true;
      };
      while (!(await root.transaction(isBegun)) && !stalled) options.recount();
      options.newest.committed(number);
      if (flushes) failing = false;
      settle(group, outcomes);
    } catch (error) {
      failing ||= flushes;
      const reason = options.translate(await causeOf(error));
      for (const waiting of group.length > 0 ? group : queue.splice(0)) waiting.reject(reason);
    } finally {
      clearTimeout(watchdog);
      if (stalled) stall = signal();
      stalled = false;
    }
  }

  const settle = (group: readonly Waiting[], outcomes: readonly Outcome[]): void =>
    group.forEach((waiting, index) => {
      const outcome = outcomes[index]!;
      if ('error' in outcome) waiting.reject(options.translate(outcome.error));
      else waiting.resolve(outcome.value);
    });

  const drained = async (): Promise<'done' | 'stalled'> => {
    while (committing !== undefined && !stalled) await Promise.race([committing, stall.fired]);
    return stalled ? 'stalled' : 'done';
  };

  return { write, isFailing: () => failing, drained };
}

/** Answers one outcome for each work that was run, which may be fewer than the group has. */
function runGroup(root: RootDatabase, group: readonly Waiting[], closesAt: number): readonly Outcome[] {
  const outcomes: Outcome[] = [];
  while (outcomes.length < group.length && (outcomes.length === 0 || performance.now() <= closesAt)) {
    const begin = outcomes.length;
    const { work, writesLast } = group[begin]!;
    if (writesLast) {
      outcomes.push(runOnce(work));
    } else {
      const end = group.findIndex((waiting, index) => index > begin && waiting.writesLast);
      outcomes.push(...runTogether(root, group.slice(begin, end === -1 ? group.length : end), closesAt));
    }
  }
  return outcomes;
}

/** What LMDB itself refuses in it leaves the transaction broken, so that its commit fails. */
function runOnce(work: Work<unknown>): Outcome {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
}

function runTogether(root: RootDatabase, group: readonly Waiting[], closesAt: number): readonly Outcome[] {
  const values: Outcome[] = [];
  try {
    root.childTransaction(() => {
      for (const { work } of group) {
        values.push({ value: work() });
        if (performance.now() > closesAt) break;
      }
    });
    return values;
  } catch {
    return group.slice(0, values.length + 1).map(({ work }) => runAlone(root, work));
  }
}

function runAlone(root: RootDatabase, work: Work<unknown>): Outcome {
  try {
    let value: unknown;
    root.childTransaction(() => {
      value = work();
    });
    return { value };
  } catch (error) {
    return { error };
  }
}

/** lmdb-js rejects with a general error that carries a promise, rejected a moment later with what LMDB answered. */
async function causeOf(error: unknown): Promise<unknown> {
  try {
    await (error as { commitError?: Promise<unknown> }).commitError;
    return error;
  } catch (cause) {
    return cause;
  }
}

function signal(): { readonly fired: Promise<void>; readonly fire: () => void } {
  let fire!: () => void;
  const fired = new Promise<void>((resolve) => (fire = resolve));
  return { fired, fire };
}

function stalledError(commitMsMax: number): Error {
  return Object.assign(
    new Error(`no commit for ${commitMsMax} ms: the disk does not answer, or another process holds the write lock`),
    { code: 110 },
  );
}
