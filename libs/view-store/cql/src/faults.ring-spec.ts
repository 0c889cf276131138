import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StartupError, UnavailableError, uuidv7 } from '@ringside/core';
import type { ViewStore } from '@ringside/view-store';

import { parseCqlUrl } from './cql-url.js';
import { openCqlViewStore } from './cql-view-store.js';
import { type Proxy, proxyTo } from './cut-connections.fixture.js';

const url = process.env['RINGSIDE_TEST_CQL'];
const describeOnServer = url === undefined ? describe.skip : describe;

const deadlineMs = 45_000;

/** Calls until it is not unavailable any longer, as the kit does. */
async function untilAvailable<T>(call: () => Promise<T>): Promise<T> {
  for (const deadline = Date.now() + deadlineMs; ; await delay(50)) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof UnavailableError) || Date.now() > deadline) throw error;
    }
  }
}

describeOnServer('cql view store: faults', () => {
  let proxy: Proxy;
  let proxied: string;
  let direct: ViewStore;
  let store: ViewStore;
  const table = `t${uuidv7().replaceAll('-', '').slice(4, 20)}`;

  beforeEach(async () => {
    const [host, port] = parseCqlUrl(url!, 'faults').contactPoints[0]!.split(':') as [string, string];
    proxy = await proxyTo({ host, port: Number(port) });
    proxied = url!.replace(/\/\/[^/?]+/, `//127.0.0.1:${proxy.port}`);
    direct = await openCqlViewStore(url!, { name: 'faults' });
    await direct.createTables([table]);
    store = await openCqlViewStore(proxied, { name: 'faults' });
  }, deadlineMs);
  afterEach(async () => {
    await Promise.all([store.close(), direct.close()]);
    await proxy.away();
  }, deadlineMs);

  it(
    'a store that is away at the start is there once it is reached',
    async () => {
      await proxy.away();
      const early = await openCqlViewStore(proxied, { name: 'faults' });
      try {
        expect(await early.health()).toEqual({ status: 'down', reason: expect.any(String) });
        await expect(early.takeOver('s', 0)).rejects.toThrow(UnavailableError);
        await proxy.open();
        await untilAvailable(() => early.tables());
        expect(await early.health()).toEqual({ status: 'up' });
      } finally {
        await early.close();
      }
    },
    deadlineMs,
  );

  it(
    'a store that goes away and comes back is down and up again, within the time that health has',
    async () => {
      await proxy.away();
      const asked = Date.now();
      expect(await store.health()).toEqual({ status: 'down', reason: expect.any(String) });
      expect(Date.now() - asked).toBeLessThan(2_000);
      await expect(store.tables()).rejects.toThrow(UnavailableError);
      await proxy.open();
      await untilAvailable(() => store.tables());
      expect(await store.health()).toEqual({ status: 'up' });
    },
    deadlineMs,
  );

  it(
    'commands, checkpoints and rows through connections that are cut all the time: each counts once',
    async () => {
      const [stream, subscription] = [`stream-${table}`, `s-${table}`];
      let cutting = true;
      const cuts = (async () => {
        for (; cutting; await delay(150 + Math.random() * 250)) proxy.cut();
      })();
      const mine = await untilAvailable(() => store.takeOver(subscription, 0));
      const first = { table, partition: 'p', key: 'k' };
      for (let n = 1; n <= 25; n++) {
        const event = { id: `e${n}`, type: 'T', data: { n } };
        const append = { stream, expectedVersion: n - 1, fence: 0, commandId: `c${n}`, events: [event], result: { n } };
        const outcome = await untilAvailable(() => store.appendToStream(append));
        expect(['appended', 'repeated']).toContain(outcome.outcome);
        expect(outcome.version).toBe(n);
        const checkpoints = [{ ...mine, position: String(n), ordinal: n }];
        const put = { kind: 'put', ...first, timestamp: n, value: { n } } as const;
        expect(await untilAvailable(() => store.write([put], { checkpoints }))).toEqual({ outcome: 'written' });
      }
      cutting = false;
      await cuts;
      const events = await direct.readStream(stream);
      expect(events.map(({ version, data }) => [version, data['n']])).toEqual(
        Array.from({ length: 25 }, (_, i) => [i + 1, i + 1]),
      );
      expect(await direct.checkpoints(subscription)).toEqual([{ ...mine, position: '25', ordinal: 25 }]);
      expect((await direct.get(first))?.timestamp).toBe(25);
    },
    deadlineMs,
  );

  it(
    'two who append to one stream through connections that are cut all the time: of each two commands one is stored, once',
    async () => {
      const stream = `contested-${table}`;
      const other = await openCqlViewStore(proxied, { name: 'faults' });
      const stored: string[] = [];
      let cutting = true;
      const cuts = (async () => {
        for (; cutting; await delay(150 + Math.random() * 250)) proxy.cut();
      })();
      try {
        for (let version = 0; version < 10; version++) {
          const outcomes = await Promise.all(
            [store, other].map((one, who) => {
              const id = `v${version + 1}-${who}`;
              const append = {
                stream,
                expectedVersion: version,
                fence: 0,
                commandId: id,
                events: [{ id, type: 'T', data: {} }],
                result: { id },
              };
              return untilAvailable(() => one.appendToStream(append));
            }),
          );
          const isStored = outcomes.map(({ outcome }) => outcome !== 'conflict');
          expect(isStored.filter(Boolean)).toHaveLength(1);
          stored.push(`v${version + 1}-${isStored.indexOf(true)}`);
        }
      } finally {
        cutting = false;
        await cuts;
        await other.close();
      }
      expect((await direct.readStream(stream)).map(({ id }) => id)).toEqual(stored);
    },
    deadlineMs,
  );

  it(
    'services that start at once make one keyspace, each migration once, and every table',
    async () => {
      const name = `many_${uuidv7().slice(-8)}`;
      const tables = ['a', 'b', 'c', 'd'];
      const stores = await Promise.all(Array.from({ length: 4 }, () => openCqlViewStore(url!, { name })));
      try {
        for (const one of stores) await untilAvailable(async () => expect(await one.health()).toEqual({ status: 'up' }));
        await Promise.all(stores.map((one) => untilAvailable(() => one.createTables(tables))));
        const rows = stores.map((_, i) => ({ table: tables[i]!, partition: 'p', key: 'k' }));
        await Promise.all(stores.map((one, i) => one.write([{ kind: 'put', ...rows[i]!, timestamp: 1, value: { i } }])));
        for (const one of stores) {
          expect((await one.getMany(rows)).map((row) => row?.value)).toEqual(stores.map((_, i) => ({ i })));
          expect([...(await one.tables())].sort()).toEqual(tables);
        }
      } finally {
        await stores[0]!.dropTables(tables);
        await Promise.all(stores.map((one) => one.close()));
      }
    },
    deadlineMs,
  );

  it('a data center that is not there keeps the service from starting', async () => {
    const elsewhere = url!.replace(/datacenter=[^&]*&?|$/, '').replace('?', '?datacenter=elsewhere&');
    const opening = openCqlViewStore(elsewhere, { name: 'faults' });
    await expect(opening).rejects.toThrow(StartupError);
    await expect(opening).rejects.toThrow(/elsewhere/);
  });
});
