import { openEmbeddedViewStore } from './embedded-view-store.js';

/*
 * The other process of several-processes.spec.ts. It says `ready`, begins on any message, and sends what it did.
 */

const [role, directory] = process.argv.slice(2) as [keyof typeof roles, string];
const say = (message: unknown): void => void process.send!(message);

const roles = {
  /** Writes rows and moves the checkpoint for ever, and says each ordinal once it is acknowledged. */
  write: async () => {
    const mine = await store.takeOver('views', 0);
    for (let ordinal = mine.ordinal + 1; ; ordinal++) {
      const rows = ['cases', 'reports'].flatMap((table) =>
        Array.from({ length: 10 }, (_, i) => ({ table, partition: `p${i}`, key: String(ordinal).padStart(9, '0') })),
      );
      const outcome = await store.write(
        rows.map((row) => ({ kind: 'put', ...row, timestamp: ordinal, value: { ordinal } })),
        { checkpoints: [{ ...mine, position: String(ordinal), ordinal }] },
      );
      if (outcome.outcome === 'fenced') return say('fenced');
      say(ordinal);
    }
  },
  /** Inserts rows that others insert too, and says which it was the first to insert. */
  insert: async () => {
    const inserted: string[] = [];
    for (let i = 0; i < 200; i++) {
      const row = { table: 'keys', partition: 'p', key: `k${i}`, value: { by: process.pid } };
      if ((await store.insertOnce(row)).outcome === 'inserted') inserted.push(row.key);
    }
    say(inserted);
  },
  /** Appends to a stream that others append to as well, each command until it is taken. */
  append: async () => {
    for (let i = 0; i < 60; i++) {
      const event = { id: `${process.pid}-${i}`, type: 'NoteAdded', data: { i } };
      let expectedVersion = 0;
      for (;;) {
        const append = { stream: 'stream', expectedVersion, fence: 0, commandId: event.id, events: [event], result: {} };
        const outcome = await store.appendToStream(append);
        if (outcome.outcome === 'appended') break;
        if (outcome.outcome === 'repeated') throw new Error(`the command ${event.id} was sent once and is said to be repeated`);
        expectedVersion = outcome.version;
      }
    }
    say('done');
  },
  /** Replaces a table by an empty one of the same name, and puts another in the place of one that is gone. */
  tables: async () => {
    await store.dropTables(['cases', 'reports']);
    await store.createTables(['notes', 'cases']);
    await store.write([{ kind: 'put', table: 'notes', partition: 'p', key: 'k', timestamp: 1, value: { is: 'a note' } }]);
    say('done');
  },
};

const store = await openEmbeddedViewStore({ directory });
process.once('message', () => {
  void roles[role]().then(async () => {
    await store.close();
    process.disconnect();
  });
});
say('ready');
