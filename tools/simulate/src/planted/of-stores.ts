import { UnavailableError } from '@ringside/core';
import { intentsTable, publicationsTable } from '@ringside/team-kit';
import type { RowKey, RowWrite, ViewStore } from '@ringside/view-store';

import type { PlantedBug } from './planted.js';

const changed = (change: (store: ViewStore) => Partial<ViewStore>) => () => ({
  store: (store: ViewStore): ViewStore => ({ ...store, ...change(store) }),
});

const without = (rows: readonly RowWrite[], table: string): readonly RowWrite[] => rows.filter((row) => row.table !== table);

export const ofStores: readonly PlantedBug[] = [
  {
    name: 'checkpoint-ahead',
    what: 'The checkpoint moves before the rows are written.',
    withinSeeds: 100,
    fault: /, as in a replay\.$/,
    plant: changed((store) => ({
      write: async (rows, { last = [], newest = [], checkpoints = [] } = {}) => {
        const outcome = await store.write([], { checkpoints });
        if (outcome.outcome === 'written') await store.write(rows, { last, newest });
        return outcome;
      },
    })),
  },
  {
    name: 'retries-blindly',
    what: 'An append to a stream of which nobody heard is sent again as if it were another.',
    withinSeeds: 300,
    fault: /Step \d+ of \S+ came as \d+/,
    plant: changed((store) => ({
      appendToStream: async (append) => {
        try {
          return await store.appendToStream(append);
        } catch (error) {
          if (!(error instanceof UnavailableError)) throw error;
          const { version, fence } = await store.streamHead(append.stream);
          return store.appendToStream({ ...append, expectedVersion: version, fence, commandId: `${append.commandId}/again` });
        }
      },
    })),
  },
  {
    name: 'drops-a-fence',
    what: 'Whoever takes a partition over does not shut out the process that had it, which goes on as if nobody else wrote its rows.',
    withinSeeds: 300,
    fault: /was written as the newest, and is older|would have come back|, as in a replay\.$/,
    plant: changed((store) => ({
      takeOver: async (subscription, partition) => {
        const known = (await store.checkpoints(subscription)).find((one) => one.partition === partition);
        return known ?? store.takeOver(subscription, partition);
      },
      // As a process does that has had a partition for long: its rows are not compared with those that are there.
      write: (rows, { last = [], newest = [], checkpoints = [] } = {}) => {
        if (!store.capabilities.fencesRows || checkpoints.length === 0) return store.write(rows, { last, newest, checkpoints });
        return store.write([], { newest: [...newest, ...rows, ...last], checkpoints });
      },
    })),
  },
  {
    name: 'no-intent',
    what: 'Nobody writes down that a stream is about to be published.',
    withinSeeds: 300,
    fault: /has the events .*, and the log has/,
    plant: changed((store) => ({
      write: (rows, options) => store.write(without(rows, intentsTable), options),
    })),
  },
  {
    name: 'marks-as-published-too-early',
    what: 'A stream counts as published as far as it is stored.',
    withinSeeds: 500,
    fault: /has the events .*, and the log has/,
    plant: changed((store) => ({
      get: async (key) => {
        const row = await store.get(key);
        if (key.table !== publicationsTable) return row;
        const { version } = await store.streamHead(key.partition);
        return version === 0 ? row : { ...key, value: {}, timestamp: version };
      },
    })),
  },
  {
    name: 'forgets-duplicates',
    what: 'Which events a case has seen is not remembered.',
    withinSeeds: 100,
    fault: /has taken report \S+ \(\w+\) [2-9]\d* times/,
    plant: changed((store) => ({
      getMany: async (keys) => {
        const rows = await store.getMany(keys);
        return rows.map((row, i) => (keys[i]!.key.startsWith('seen/') ? undefined : row));
      },
    })),
  },
  {
    name: 'forgets-what-is-parked',
    what: 'Whoever takes a partition over does not look for what is parked in it.',
    withinSeeds: 200,
    fault: /is parked in front of it/,
    plant: changed((store) => ({
      page: (table, partition, options) =>
        table.startsWith('parked_events') ? Promise.resolve([]) : store.page(table, partition, options),
    })),
  },
  {
    name: 'forgets-idempotency-keys',
    what: 'A report that is sent again under its key is taken as another.',
    withinSeeds: 100,
    fault: /was answered \S+, and then/,
    plant: changed((store) => ({
      insertOnce: async (row: RowKey & { readonly value: never }) => {
        await store.insertOnce(row);
        return { outcome: 'inserted' };
      },
    })),
  },
];
