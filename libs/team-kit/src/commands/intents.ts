import { uuidv7 } from '@ringside/core';
import { checkName, type Row, type RowWrite, type ViewStore } from '@ringside/view-store';

/** Says that somebody is about to append to a stream, so that whoever finds it later can publish what they did not. */
export interface Intent {
  readonly stream: string;
  /** Of its row. */
  readonly partition: string;
  readonly key: string;
  /** Tells it from those that had the row before. */
  readonly timestamp: number;
}

export const intentsTable = 'case_intents';

/** Spreads the intents over the store. Fixed: a relay looks into these. */
const partitions = Array.from({ length: 8 }, (_, i) => `intents-${i}`);

/** A relay reads at most so many of each partition at a time. */
export const intentsPerPartitionMax = 500;

/**
 * The intents of one process. Each is one write of a row, under a timestamp that no other has. A row whose intent was dropped is
 * used for the next one, so that there are as many rows as there were appends at one time: a queue that had a new row for each
 * would be made of deletions, which the store keeps for days and has to read across.
 *
 * What is declared in one turn of the event loop is one write, and so is what is dropped; and where a row is dropped and another is
 * needed in the same turn, the next intent takes the row without a deletion before it.
 */
export class Intents {
  private readonly process = uuidv7();
  private free: FreeRow[] = [];
  private rows = 0;
  private turn: Turn | undefined;

  constructor(private readonly store: ViewStore) {}

  /** Durable when it answers. Rejected by `UnavailableError` it may be there all the same: nothing was appended under it. */
  async declare(stream: string): Promise<Intent> {
    checkName('stream', stream); // what the store refuses it refuses for all of the turn
    const turn = (this.turn ??= this.begin());
    const place = turn.declared.push(stream) - 1;
    return (await turn.ended).intents.then((intents) => intents[place]!);
  }

  /** Whoever declared it has nothing left to do. `rows` are written as well. Rejected, either may be done or not. */
  async drop(intent: Intent, rows: readonly RowWrite[]): Promise<void> {
    const turn = (this.turn ??= this.begin());
    turn.dropped.push(intent);
    turn.rows.push(...rows);
    await (
      await turn.ended
    ).dropped;
  }

  /** It ends behind all that the answers which came together lead to. */
  private begin(): Turn {
    const turn = { declared: [], dropped: [], rows: [] };
    const ended = new Promise<void>((resolve) => process.nextTick(resolve)).then(() => this.end(turn));
    return { ...turn, ended };
  }

  /** Two writes, as who declares an intent need not wait for what others drop. */
  private end({ declared, dropped, rows }: Omit<Turn, 'ended'>): Written {
    this.turn = undefined;
    const handedOn = dropped.slice(0, declared.length);
    const deleted = dropped.slice(declared.length);
    const free = handedOn.map(freed);
    const intents = declared.map((stream) => intentIn(free.pop() ?? this.free.pop() ?? this.newRow(), stream));
    return {
      intents: this.write(intents.map(declareWrite)).then(() => intents),
      dropped: this.write([...rows, ...deleted.map(dropWrite)]).then(() => void this.free.push(...deleted.map(freed))),
    };
  }

  private async write(rows: readonly RowWrite[]): Promise<void> {
    if (rows.length > 0) await this.store.write(rows);
  }

  private newRow(): FreeRow {
    const number = this.rows++;
    return { partition: partitions[number % partitions.length]!, key: `${this.process}/${number}`, timestamp: 0 };
  }
}

/** A row without an intent, and the timestamp of what was written to it last. */
type FreeRow = Omit<Intent, 'stream'>;

/** What is written together. */
interface Turn {
  /** Streams. */
  readonly declared: string[];
  readonly dropped: Intent[];
  readonly rows: RowWrite[];
  readonly ended: Promise<Written>;
}

interface Written {
  /** Of the streams, in their order. */
  readonly intents: Promise<readonly Intent[]>;
  readonly dropped: Promise<void>;
}

const intentIn = ({ partition, key, timestamp }: FreeRow, stream: string): Intent => ({
  stream,
  partition,
  key,
  timestamp: timestamp + 1,
});

const declareWrite = ({ stream, ...row }: Intent): RowWrite => ({
  kind: 'put',
  table: intentsTable,
  ...row,
  value: { stream },
});

/** Under the timestamp that its deletion has, so that one of a relay which comes late does not touch the next intent either. */
const freed = ({ partition, key, timestamp }: Intent): FreeRow => ({ partition, key, timestamp: timestamp + 1 });

/** Deletes this intent, and not one that has its row after it. Twice is harmless. */
export const dropWrite = ({ partition, key, timestamp }: Intent): RowWrite => ({
  kind: 'delete',
  table: intentsTable,
  partition,
  key,
  timestamp: timestamp + 1,
});

/** Reads the intents of all processes that were not dropped: up to {@link intentsPerPartitionMax} of each partition, then the next. */
export class PendingIntents {
  private readonly after = new Map<string, string>();

  constructor(private readonly store: ViewStore) {}

  async next(): Promise<readonly Intent[]> {
    return (await Promise.all(partitions.map((partition) => this.nextOf(partition)))).flat();
  }

  private async nextOf(partition: string): Promise<readonly Intent[]> {
    const after = this.after.get(partition);
    const limit = intentsPerPartitionMax;
    const rows = await this.store.page(intentsTable, partition, { limit, ...(after === undefined ? {} : { after }) });
    if (rows.length < limit) this.after.delete(partition);
    else this.after.set(partition, rows.at(-1)!.key);
    return rows.map(intentOf);
  }
}

const intentOf = ({ partition, key, timestamp, value }: Row): Intent => ({
  stream: value['stream'] as string,
  partition,
  key,
  timestamp,
});
