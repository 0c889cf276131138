import { concurrently, type turns, UnavailableError } from '@ringside/core';
import type { Checkpoint } from '@ringside/view-store';

import { ownTables, qualified } from './ddl.js';
import { requestsAtOnceMax, type CqlRow, type Session, type Statement } from './session.js';

export interface Checkpoints {
  /** The stored ones, in the order of those given. */
  stored(checkpoints: readonly Checkpoint[]): Promise<readonly (Checkpoint | undefined)[]>;
  /** The first that another consumer has taken over, if any; the others have moved. */
  move(checkpoints: readonly Checkpoint[]): Promise<Checkpoint | undefined>;
  takeOver(subscription: string, partition: number): Promise<Checkpoint>;
  reset(subscription: string): Promise<void>;
  list(subscription: string): Promise<readonly Checkpoint[]>;
}

type At = Pick<Checkpoint, 'subscription' | 'partition'>;

/** An epoch is raised against others who raise it. Each attempt that fails is another's success, so this is never reached. */
const attemptsMax = 100;

/**
 * Checkpoints are written by lightweight transactions alone, on the condition of their epoch. A transaction of which nobody
 * knows what became is never sent again: it is read what is there, behind all transactions that are under way.
 */
export function openCheckpoints(keyspace: string, session: Session, inTurn: ReturnType<typeof turns>): Checkpoints {
  const table = qualified(keyspace, ownTables.checkpoints);
  const subscriptions = qualified(keyspace, ownTables.subscriptions);
  const where = 'WHERE subscription = ? AND partition = ?';
  const nameOf = ({ subscription, partition }: At): string => `checkpoint ${partition}/${subscription}`;

  async function read(at: At, serial = false): Promise<Checkpoint | undefined> {
    const query = `SELECT epoch, position, ordinal FROM ${table} ${where}`;
    const [row] = await session.read({ query, params: [at.subscription, at.partition] }, { serial });
    return row && checkpointOf(at, row);
  }

  /** Whether it was applied; undefined where that is unknown. */
  async function transacted(statement: Statement): Promise<boolean | undefined> {
    try {
      return (await session.transact([statement])).applied;
    } catch (error) {
      if (error instanceof UnavailableError) return undefined;
      throw error;
    }
  }

  async function partitionsOf(subscription: string): Promise<readonly number[]> {
    const query = `SELECT partition FROM ${subscriptions} WHERE subscription = ?`;
    const rows = await session.read({ query, params: [subscription] });
    return rows.map((row) => row.get('partition') as number);
  }

  async function list(subscription: string): Promise<readonly Checkpoint[]> {
    const partitions = await partitionsOf(subscription);
    const stored = await concurrently(partitions, requestsAtOnceMax, (partition) => read({ subscription, partition }));
    return stored.filter((checkpoint) => checkpoint !== undefined);
  }

  /** Raises the epoch of what is there; `change` says what else becomes of it. */
  function raise(at: At, change: (before: Checkpoint) => Checkpoint): Promise<Checkpoint> {
    return inTurn(nameOf(at), async () => {
      for (let attempt = 0; attempt < attemptsMax; attempt++) {
        const before = await read(at, true);
        const { subscription, partition, epoch, position, ordinal } = change(before ?? beginning(at));
        const raised = { subscription, partition, epoch: epoch + 1, position, ordinal };
        if (await transacted(raiseStatement(before, raised))) return raised;
        // Where its outcome is unknown, it may have been applied or may yet be. That epoch is then nobody's, and the next is ours.
      }
      throw new UnavailableError('view-store', `Too many consumers want ${at.subscription}, partition ${at.partition}.`);
    });
  }

  function raiseStatement(before: Checkpoint | undefined, raised: Checkpoint): Statement {
    const { subscription, partition, position } = raised;
    const [epoch, ordinal] = [BigInt(raised.epoch), BigInt(raised.ordinal)];
    if (before === undefined) {
      const columns = 'subscription, partition, epoch, position, ordinal';
      const query = `INSERT INTO ${table} (${columns}) VALUES (?, ?, ?, ?, ?) IF NOT EXISTS`;
      return { query, params: [subscription, partition, epoch, position, ordinal] };
    }
    const query = `UPDATE ${table} SET epoch = ?, position = ?, ordinal = ? ${where} IF epoch = ? AND ordinal = ?`;
    return { query, params: [epoch, position, ordinal, subscription, partition, BigInt(before.epoch), BigInt(before.ordinal)] };
  }

  async function moveOne(checkpoint: Checkpoint): Promise<'moved' | 'fenced'> {
    const { subscription, partition, epoch, position, ordinal } = checkpoint;
    const query = `UPDATE ${table} SET position = ?, ordinal = ? ${where} IF epoch = ? AND ordinal <= ?`;
    const params = [position, BigInt(ordinal), subscription, partition, BigInt(epoch), BigInt(ordinal)];
    const applied = await transacted({ query, params });
    if (applied === true) return 'moved';
    const now = await read(checkpoint, true);
    if (now?.epoch !== epoch) return 'fenced';
    // Behind a later one of this epoch it stays where it is.
    if (now.ordinal > ordinal || (now.ordinal === ordinal && now.position === position)) return 'moved';
    throw new UnavailableError('view-store', `Whether ${subscription}, partition ${partition} has moved on is unknown.`);
  }

  return {
    stored: (checkpoints) => concurrently(checkpoints, requestsAtOnceMax, (at) => read(at)),
    move: async (checkpoints) => {
      const moves = await concurrently(checkpoints, requestsAtOnceMax, (one) => inTurn(nameOf(one), () => moveOne(one)));
      return checkpoints[moves.indexOf('fenced')];
    },
    takeOver: async (subscription, partition) => {
      // First, so that no checkpoint is missing from the list of its subscription. Many may write this: it is always the same.
      const query = `INSERT INTO ${subscriptions} (subscription, partition) VALUES (?, ?) USING TIMESTAMP 1`;
      await session.write([{ query, params: [subscription, partition] }]);
      return raise({ subscription, partition }, (before) => before);
    },
    reset: async (subscription) => {
      const taken = await list(subscription);
      await concurrently(taken, requestsAtOnceMax, (at) => raise(at, (before) => ({ ...before, position: null, ordinal: 0 })));
    },
    list,
  };
}

const beginning = ({ subscription, partition }: At): Checkpoint => ({
  subscription,
  partition,
  epoch: 0,
  position: null,
  ordinal: 0,
});

const checkpointOf = ({ subscription, partition }: At, row: CqlRow): Checkpoint => ({
  subscription,
  partition,
  epoch: Number(row.get('epoch')),
  position: row.get('position') as string | null,
  ordinal: Number(row.get('ordinal')),
});
