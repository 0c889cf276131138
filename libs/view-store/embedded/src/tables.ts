import type { Environment } from '@ringside/lmdb-environment';
import { UnknownTableError } from '@ringside/view-store';
import type { Database } from 'lmdb';

import type { Read } from './read.js';
import { encodeJson, encodeNumber, jsonOf, numberOf } from './row-value.js';

export type Rows = Database<Buffer, Buffer>;

export interface Table {
  /** Given once: a table that is dropped and created again has another. */
  readonly id: number;
  readonly rows: Rows;
}

/** The tables as they were when the catalogue had this generation. */
export interface TableSet {
  readonly generation: number;
  /** Only for names that {@link Tables.open} was given. */
  readonly table: (name: string) => Table;
}

export interface Tables {
  /**
   * Looks at what is committed by now, and opens the tables; throws `UnknownTableError`. Not within a write transaction.
   * Reads that follow in the same turn of the event loop see the state that was looked at.
   */
  open(names: Iterable<string>): TableSet;
  /** Whether the tables are still the same; within a write transaction, for certain. */
  isCurrent(set: TableSet): boolean;
  names(): readonly string[];
  create(names: readonly string[]): Promise<void>;
  drop(names: readonly string[]): Promise<void>;
}

interface Entry {
  readonly name: string;
  readonly id: number;
  /** Which of the sub-databases it has. */
  readonly slot: number;
}

interface Catalogue {
  readonly nextId: number;
  readonly tables: readonly Entry[];
}

/** A catalogue that was read, and the tables of it that were opened. */
interface Known extends TableSet {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly opened: Map<string, Table>;
}

/** Tables that may exist at the same time. */
export const tablesMax = 240;

const generationKey = Buffer.from('generation');
const catalogueKey = Buffer.from('tables');

/**
 * One sub-database per table. They are never removed: a dropped table's is emptied and goes to the next table that is made.
 * LMDB's handles are per process, and removing a sub-database would leave those of other processes pointing at nothing, or
 * at a stranger. The catalogue says which table has which, and its generation tells a process that something changed.
 */
export function openTables(environment: Environment, read: Read): Tables {
  const catalogue = environment.table('catalogue');
  let known: Known | undefined;

  const generation = (): number => {
    const bytes = catalogue.getBinaryFast(generationKey);
    return bytes === undefined ? 0 : numberOf(generationKey, bytes);
  };
  const load = (): Catalogue => {
    const bytes = catalogue.getBinaryFast(catalogueKey);
    return bytes === undefined ? { nextId: 1, tables: [] } : jsonOf<Catalogue>(catalogueKey, bytes);
  };
  const save = (changed: Catalogue): void => {
    void catalogue.put(generationKey, encodeNumber(generationKey, generation() + 1));
    void catalogue.put(catalogueKey, encodeJson(catalogueKey, JSON.stringify(changed)));
  };
  const look = (): Known => {
    environment.refresh();
    const now = generation();
    if (known?.generation !== now) known = knownOf(now, load());
    return known;
  };

  function open(names: Iterable<string>): Known {
    for (;;) {
      const state = look();
      let opening = false;
      for (const name of names) {
        if (state.opened.has(name)) continue;
        const entry = state.entries.get(name);
        if (entry === undefined) throw new UnknownTableError(name);
        state.opened.set(name, { id: entry.id, rows: environment.table(`rows.${entry.slot}`) });
        opening = true;
      }
      // Opening a sub-database for the first time ends the read transaction: what was looked at may be old by then.
      if (!opening) return state;
    }
  }

  async function create(names: readonly string[]): Promise<void> {
    const { entries } = read(look);
    if (names.every((name) => entries.has(name))) return;
    await environment.write(() => {
      const { nextId, tables } = load();
      const existing = new Set(tables.map(({ name }) => name));
      const missing = [...new Set(names)].filter((name) => !existing.has(name));
      if (missing.length === 0) return;
      const slots = freeSlots(tables, missing.length);
      const created = missing.map((name, i): Entry => ({ name, id: nextId + i, slot: slots[i]! }));
      save({ nextId: nextId + created.length, tables: [...tables, ...created] });
    });
  }

  async function drop(names: readonly string[]): Promise<void> {
    for (;;) {
      const set = read(() => {
        const { entries } = look();
        return open(names.filter((name) => entries.has(name)));
      });
      const doomed = new Set(names.filter((name) => set.opened.has(name)));
      if (doomed.size === 0) return;
      const dropped = await environment.write(() => {
        if (generation() !== set.generation) return false;
        for (const name of doomed) set.table(name).rows.clearSync();
        const { nextId, tables } = load();
        save({ nextId, tables: tables.filter(({ name }) => !doomed.has(name)) });
        return true;
      });
      if (dropped) return;
    }
  }

  return {
    open,
    isCurrent: (set) => generation() === set.generation,
    names: () => [...read(look).entries.keys()],
    create,
    drop,
  };
}

function knownOf(generation: number, { tables }: Catalogue): Known {
  const opened = new Map<string, Table>();
  const entries = new Map(tables.map((entry) => [entry.name, entry]));
  return { generation, entries, opened, table: (name) => opened.get(name)! };
}

function freeSlots(tables: readonly Entry[], count: number): readonly number[] {
  const taken = new Set(tables.map(({ slot }) => slot));
  const free: number[] = [];
  for (let slot = 0; slot < tablesMax && free.length < count; slot++) if (!taken.has(slot)) free.push(slot);
  if (free.length < count) throw new RangeError(`The embedded view store takes at most ${tablesMax} tables at a time.`);
  return free;
}
