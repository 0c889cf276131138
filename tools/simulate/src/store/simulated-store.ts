import {
  checkPage,
  checkRowWrite,
  checkStreamAppend,
  UnknownTableError,
  type PageOptions,
  type Row,
  type RowWrite,
  type StreamAppendOutcome,
  type ViewStore,
  type WriteOptions,
  type WriteOutcome,
} from '@ringside/view-store';

import type { SimulatedProcess } from '../world/process.js';
import type { World } from '../world/world.js';
import type { StoreContent } from './store-content.js';

/** What carries a call to its server and back. */
export type Network = Pick<World, 'call' | 'random'>;

/** A process's client of a view store. */
export function simulatedStore(world: Network, content: StoreContent, process: SimulatedProcess): ViewStore {
  const call = <T>(label: string, answer: () => T, parts: readonly (() => void)[] = [], isPrompt = false): Promise<T> =>
    world.call({ process, dependency: 'view-store', label, answer, parts, isPrompt, away: () => content.away });
  /** One change that is made whole or not at all, with its answer. */
  const change = <T>(label: string, effect: () => T, isPrompt = false): Promise<T> => {
    let outcome: T;
    return call(label, () => outcome, [() => void (outcome = effect())], isPrompt);
  };
  const known = (table: string): void => {
    if (!content.tables.has(table)) throw new UnknownTableError(table);
  };
  const reading = <T>(label: string, tables: readonly string[], answer: () => T): Promise<T> =>
    call(label, () => {
      tables.forEach(known);
      return answer();
    });
  const headOf = (stream: string) => ({ version: content.stream(stream).version, fence: content.stream(stream).fence });

  return {
    driver: 'simulated',
    capabilities: { atomicWrite: content.atomic, fencesRows: content.atomic },
    createTables: (tables) =>
      change('create tables', () => {
        for (const table of tables) if (!content.tables.has(table)) content.tables.set(table, new Map());
      }),
    dropTables: (tables) => change('drop tables', () => tables.forEach((table) => content.tables.delete(table))),
    tables: () => call('tables', () => [...content.tables.keys()]),
    get: (key) => reading(`get ${key.table}`, [key.table], () => content.row(key)),
    getMany: (keys) =>
      keys.length === 0
        ? Promise.resolve([])
        : reading(
            `get ${keys.length} rows`,
            keys.map(({ table }) => table),
            () => keys.map((key) => content.row(key)),
          ),
    page: async (table, partition, options) => {
      checkPage(table, partition, options);
      return reading(`page ${table}`, [table], () => pageOf(content, [table, partition], options));
    },
    scan: (table) => scan(table),
    write: async (rows, options = {}) => {
      for (const row of [...rows, ...(options.last ?? []), ...(options.newest ?? [])]) {
        checkRowWrite(row);
        known(row.table);
      }
      return content.atomic ? change('write', () => writeWhole(content, rows, options), true) : writeInPieces(rows, options);
    },
    insertOnce: ({ table, partition, key, value }) =>
      change(`insert ${table}`, () => {
        known(table);
        const found = content.row({ table, partition, key });
        if (found !== undefined) return { outcome: 'exists', value: found.value };
        content.put({ kind: 'put', table, partition, key, timestamp: 1, value });
        return { outcome: 'inserted' };
      }),
    takeOver: (subscription, partition) =>
      change(`take over ${subscription}/${partition}`, () => content.takeOver(subscription, partition)),
    checkpoints: (subscription) =>
      call('checkpoints', () => [...content.checkpoints.values()].filter((one) => one.subscription === subscription)),
    resetCheckpoints: (subscription) =>
      change('reset checkpoints', () => {
        for (const [name, one] of content.checkpoints) {
          if (one.subscription === subscription)
            content.checkpoints.set(name, { ...one, epoch: one.epoch + 1, position: null, ordinal: 0 });
        }
      }),
    appendToStream: async (append) => {
      checkStreamAppend(append);
      return change<StreamAppendOutcome>(`stream append ${append.commandId}`, () => content.append(append));
    },
    streamHead: (stream) => call('stream head', () => headOf(stream)),
    streamCommand: (stream, commandId) => call('stream command', () => content.command(stream, commandId)),
    raiseFence: (stream) =>
      change('raise fence', () => {
        content.stream(stream).fence++;
        return headOf(stream);
      }),
    readStream: (stream, after = 0) => call('read stream', () => content.eventsBehind(stream, after)),
    health: () => call('health', () => ({ status: 'up' })),
    close: () => Promise.resolve(),
  };

  async function* scan(table: string): AsyncIterable<Row> {
    const partitions = await reading(`scan ${table}`, [table], () => content.partitionsOf(table));
    for (const partition of partitions) yield* await call(`scan ${table}`, () => content.rowsOf(table, partition));
  }

  /** Table partition by table partition in any order, then those that come last, then the checkpoints. */
  function writeInPieces(
    rows: readonly RowWrite[],
    { last = [], newest = [], checkpoints = [] }: WriteOptions,
  ): Promise<WriteOutcome> {
    let outcome: WriteOutcome = { outcome: 'written' };
    const newestRows = new Set<RowWrite>(newest);
    const put = (write: RowWrite): void => (newestRows.has(write) ? content.putNewest(write) : content.put(write));
    const together = (writes: readonly RowWrite[]): (() => void)[] => {
      const byPartition = new Map<string, RowWrite[]>();
      for (const write of writes) {
        const name = `${write.table}\0${write.partition}`;
        const found = byPartition.get(name);
        if (found === undefined) byPartition.set(name, [write]);
        else found.push(write);
      }
      return world.random.shuffled([...byPartition.values()]).map((piece) => () => piece.forEach(put));
    };
    const moves = checkpoints.map((checkpoint) => () => {
      const { subscription, partition } = checkpoint;
      if (content.isFenced(checkpoint)) outcome = { outcome: 'fenced', subscription, partition };
      else content.moveCheckpoint(checkpoint);
    });
    return call('write', () => outcome, [...together(rows), ...together([...last, ...newest]), ...moves]);
  }
}

function writeWhole(
  content: StoreContent,
  rows: readonly RowWrite[],
  { last = [], newest = [], checkpoints = [] }: WriteOptions,
): WriteOutcome {
  const fenced = checkpoints.find((checkpoint) => content.isFenced(checkpoint));
  if (fenced !== undefined) return { outcome: 'fenced', subscription: fenced.subscription, partition: fenced.partition };
  for (const write of rows) content.put(write);
  for (const write of last) content.put(write);
  for (const write of newest) content.putNewest(write);
  for (const checkpoint of checkpoints) content.moveCheckpoint(checkpoint);
  return { outcome: 'written' };
}

function pageOf(
  content: StoreContent,
  [table, partition]: readonly [string, string],
  { from, to, after, limit, descending = false }: PageOptions,
): readonly Row[] {
  const isWithin = (key: string): boolean =>
    (from === undefined || key >= from) &&
    (to === undefined || key < to) &&
    (after === undefined || (descending ? key < after : key > after));
  const rows = content.rowsOf(table, partition, isWithin);
  return (descending ? [...rows].reverse() : rows).slice(0, limit);
}
