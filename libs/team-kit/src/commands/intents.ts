import { uuidv7 } from '@ringside/core';
import type { Row, RowWrite, ViewStore } from '@ringside/view-store';

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
 */
export class Intents {
  private readonly process = uuidv7();
  private readonly free: Pick<Intent, 'partition' | 'key' | 'timestamp'>[] = [];
  private rows = 0;

  constructor(private readonly store: ViewStore) {}

  /** Durable when it answers. Rejected by `UnavailableError` it may be there all the same: nothing was appended under it. */
  async declare(stream: string): Promise<Intent> {
    const row = this.free.pop() ?? this.newRow();
    const intent = { stream, partition: row.partition, key: row.key, timestamp: row.timestamp + 1 };
    const { partition, key, timestamp } = intent;
    await this.store.write([{ kind: 'put', table: intentsTable, partition, key, timestamp, value: { stream } }]);
    return intent;
  }

  /** To be called when the deletion of {@link dropWrite} is durable, by whoever declared it. */
  dropped({ partition, key, timestamp }: Intent): void {
    this.free.push({ partition, key, timestamp: timestamp + 1 });
  }

  private newRow(): Pick<Intent, 'partition' | 'key' | 'timestamp'> {
    const number = this.rows++;
    return { partition: partitions[number % partitions.length]!, key: `${this.process}/${number}`, timestamp: 0 };
  }
}

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
