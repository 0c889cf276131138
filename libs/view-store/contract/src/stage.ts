import { uuidv7 } from '@ringside/core';
import type { Row, RowKey, RowWrite, ViewStore } from '@ringside/view-store';

import type { StoreUnderTest, ViewStoreContractDriver } from './driver.js';

/** What the cases play on: two clients of one store, and names that no case and no earlier run has used. */
export interface Stage {
  readonly driver: ViewStoreContractDriver;
  /** The client that most cases use. */
  readonly store: ViewStore;
  /** Another client of the same data. */
  readonly other: ViewStore;
  /** A table for `write`, shared by the cases: each writes to partitions of its own. Making a table can be slow. */
  readonly table: string;
  /** A second such table. */
  readonly table2: string;
  /** A table for `insertOnce`, shared as well. */
  readonly onceTable: string;
  /** A name that is used nowhere else: for partitions, subscriptions and streams. */
  name(label: string): string;
  /** A table name that is used nowhere else. */
  tableName(label: string): string;
  /** Closes both clients and connects two new ones. */
  reconnect(): Promise<void>;
}

/** Declares a case; the suite gives it the stage and the driver's deadline. */
export type DeclareCase = (name: string, run: (stage: Stage) => Promise<void>) => void;

export interface OpenStage extends Stage {
  close(): Promise<void>;
}

export async function openStage(driver: ViewStoreContractDriver): Promise<OpenStage> {
  const underTest: StoreUnderTest = await driver.start();
  const run = uuidv7().replaceAll('-', '').slice(4, 20);
  let names = 0;
  const tableName = (label: string): string => `t${run}_${(names++).toString(36)}_${label}`;
  let clients = await connectTwo(underTest);
  const closeClients = async (): Promise<void> => {
    await Promise.all(clients.map((client) => client.close()));
  };
  const stage = {
    driver,
    table: tableName('rows'),
    table2: tableName('more_rows'),
    onceTable: tableName('once'),
    get store() {
      return clients[0];
    },
    get other() {
      return clients[1];
    },
    name: (label: string) => `${label}-${run}-${(names++).toString(36)}`,
    tableName,
    reconnect: async () => {
      await closeClients();
      clients = await connectTwo(underTest);
    },
    close: async () => {
      await closeClients();
      await underTest.stop();
    },
  };
  await stage.store.createTables([stage.table, stage.table2, stage.onceTable]);
  return stage;
}

async function connectTwo(underTest: StoreUnderTest): Promise<readonly [ViewStore, ViewStore]> {
  return [await underTest.connect(), await underTest.connect()];
}

export const put = (at: RowKey, timestamp: number, value: Row['value'] = { at: timestamp }): RowWrite => ({
  kind: 'put',
  ...at,
  timestamp,
  value,
});

export const remove = (at: RowKey, timestamp: number): RowWrite => ({ kind: 'delete', ...at, timestamp });

/** Lets everything else run that can: a driver may answer reads without giving up its turn of the event loop. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
