import type { JsonObject } from '@ringside/core';
import type {
  Checkpoint,
  Row,
  RowKey,
  RowWrite,
  StreamAppend,
  StreamAppendOutcome,
  StreamCommand,
  StreamEvent,
} from '@ringside/view-store';

/** A row, or a deletion that is remembered. Values are kept as text, so that nobody shares them. */
interface StoredRow {
  readonly timestamp: number;
  readonly text: string | undefined;
  /** A deletion of which its writer said that nothing older would come: a store need not remember it. */
  readonly isForgotten?: true;
}

export interface StreamContent {
  version: number;
  fence: number;
  readonly events: (Omit<StreamEvent, 'data'> & { readonly text: string })[];
  readonly commands: Map<string, { readonly version: number; readonly text: string }>;
}

type Partition = Map<string, StoredRow>;

const stored = (write: RowWrite): StoredRow => ({
  timestamp: write.timestamp,
  text: write.kind === 'put' ? JSON.stringify(write.value) : undefined,
});

/** What a view store has on its disks. Nothing here takes time. */
export class StoreContent {
  readonly tables = new Map<string, Map<string, Partition>>();
  readonly checkpoints = new Map<string, Checkpoint>();
  readonly streams = new Map<string, StreamContent>();
  /** What its callers have done that a store need not bear. */
  readonly wrongs: string[] = [];
  /** Why nobody can reach it; undefined while they can. */
  away: string | undefined;

  constructor(
    readonly name: string,
    /** A write is one piece, and a fenced one leaves nothing. */
    readonly atomic: boolean,
  ) {}

  put(write: RowWrite): void {
    const partition = this.partition(write);
    const before = partition?.get(write.key);
    if (before !== undefined && before.timestamp >= write.timestamp) {
      if (before.isForgotten)
        this.wrongs.push(`${this.name}: ${write.table} ${write.partition} ${write.key} would have come back.`);
      return;
    }
    partition?.set(write.key, stored(write));
  }

  /** A row of which its writer says that it is the newest one: it is not compared, and it is noticed where that was wrong. */
  putNewest(write: RowWrite): void {
    const partition = this.partition(write);
    const before = partition?.get(write.key);
    const after = stored(write);
    if (
      before !== undefined &&
      before.timestamp >= after.timestamp &&
      (before.text !== after.text || before.timestamp !== after.timestamp)
    ) {
      this.wrongs.push(`${this.name}: ${write.table} ${write.partition} ${write.key} was written as the newest, and is older.`);
    }
    partition?.set(write.key, write.kind === 'put' ? after : { ...after, isForgotten: true });
  }

  private partition({ table: name, partition: key }: RowKey): Partition | undefined {
    const table = this.tables.get(name);
    if (table !== undefined && !table.has(key)) table.set(key, new Map());
    return table?.get(key);
  }

  row({ table, partition, key }: RowKey): Row | undefined {
    const found = this.tables.get(table)?.get(partition)?.get(key);
    if (found?.text === undefined) return undefined;
    return { partition, key, timestamp: found.timestamp, value: JSON.parse(found.text) as JsonObject };
  }

  /** In the order of their keys, as far as these are wanted. */
  rowsOf(table: string, partition: string, isWanted: (key: string) => boolean = () => true): readonly Row[] {
    const keys = [...(this.tables.get(table)?.get(partition)?.keys() ?? [])].filter(isWanted).sort(byBytes);
    return keys.flatMap((key) => this.row({ table, partition, key }) ?? []);
  }

  partitionsOf(table: string): readonly string[] {
    return [...(this.tables.get(table)?.keys() ?? [])].sort();
  }

  /** Whether a text is anywhere in its rows or streams. */
  contains(text: string): boolean {
    const inRows = [...this.tables.values()].some((table) =>
      [...table.values()].some((partition) => [...partition.values()].some((row) => row.text?.includes(text))),
    );
    return inRows || [...this.streams.values()].some(({ events }) => events.some((event) => event.text.includes(text)));
  }

  takeOver(subscription: string, partition: number): Checkpoint {
    const name = checkpointName(subscription, partition);
    const before = this.checkpoints.get(name) ?? { subscription, partition, epoch: 0, position: null, ordinal: 0 };
    const taken = { ...before, epoch: before.epoch + 1 };
    this.checkpoints.set(name, taken);
    return taken;
  }

  isFenced({ subscription, partition, epoch }: Checkpoint): boolean {
    return this.checkpoints.get(checkpointName(subscription, partition))?.epoch !== epoch;
  }

  moveCheckpoint(checkpoint: Checkpoint): void {
    const name = checkpointName(checkpoint.subscription, checkpoint.partition);
    if (checkpoint.ordinal >= this.checkpoints.get(name)!.ordinal) this.checkpoints.set(name, checkpoint);
  }

  stream(name: string): StreamContent {
    let stream = this.streams.get(name);
    if (stream === undefined) {
      stream = { version: 0, fence: 0, events: [], commands: new Map() };
      this.streams.set(name, stream);
    }
    return stream;
  }

  append({ stream: name, expectedVersion, fence, commandId, events, result }: StreamAppend): StreamAppendOutcome {
    const stream = this.stream(name);
    const taken = this.command(name, commandId);
    if (taken !== undefined) return { outcome: 'repeated', ...taken };
    const { version } = stream;
    if (version !== expectedVersion) return { outcome: 'conflict', version };
    if (stream.fence !== fence) return { outcome: 'fenced', version, fence: stream.fence };
    for (const { id, type, data } of events)
      stream.events.push({ id, type, text: JSON.stringify(data), version: ++stream.version });
    stream.commands.set(commandId, { version: stream.version, text: JSON.stringify(result) });
    return { outcome: 'appended', version: stream.version };
  }

  command(name: string, commandId: string): StreamCommand | undefined {
    const found = this.stream(name).commands.get(commandId);
    return found && { version: found.version, result: JSON.parse(found.text) as JsonObject };
  }

  eventsBehind(name: string, version: number): readonly StreamEvent[] {
    const events = this.stream(name).events.slice(version, version + 1_000);
    return events.map(({ text, ...event }) => ({ ...event, data: JSON.parse(text) as JsonObject }));
  }
}

export const checkpointName = (subscription: string, partition: number): string => `${subscription}\0${partition}`;

/** UTF-8 orders as code points do; UTF-16 does so but for surrogates. */
export const byBytes = (a: string, b: string): number =>
  /[\ud800-\udfff]/.test(a + b) ? Buffer.compare(Buffer.from(a), Buffer.from(b)) : a < b ? -1 : a > b ? 1 : 0;
