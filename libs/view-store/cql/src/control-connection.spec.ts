import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type cassandra from 'cassandra-driver';

import { closeClient, cqlClient } from './cql-client.js';
import { parseCqlUrl } from './cql-url.js';
import { type Proxy, proxyTo } from './cut-connections.fixture.js';
import { type FakeNode, fakeNode } from './fake-node.fixture.js';

describe('the control connection of a client', () => {
  let isToBeLost = false;
  let timesLost = 0;
  let node: FakeNode;
  let proxy: Proxy;
  let client: cassandra.Client;

  beforeEach(async () => {
    node = await fakeNode((query, before) => {
      // A client that has lost every connection looks at a node twice over its new one. That one is lost between the two.
      const isLost = isToBeLost && before > 0 && query.includes('system.local');
      if (isLost) timesLost += 1;
      isToBeLost &&= !isLost;
      return isLost;
    });
    proxy = await proxyTo({ host: '127.0.0.1', port: node.port });
    client = cqlClient(parseCqlUrl(`cql://127.0.0.1:${proxy.port}?dialect=cassandra&replication=1`, 'control'));
    await client.connect();
  });
  afterEach(async () => {
    await closeClient(client);
    await proxy.away();
    await node.close();
  });

  const logged = (words: string): Promise<void> =>
    new Promise((resolve) => {
      client.on('log', (_level: string, _source: string, message: string) => {
        if (message.includes(words)) resolve();
      });
    });

  it('is sought again where it is lost while it is sought, and no rejection goes unheard', async () => {
    while (timesLost < 5) {
      // The attempt after that is begun by a timer, where nobody hears a rejection: it ends the process, and fails this spec.
      const inVain = logged('could not reconnect, scheduling');
      await proxy.away();
      await inVain;
      isToBeLost = true;
      const again = logged('up to date');
      await proxy.open();
      await again;
    }
    await client.execute('SELECT anything');
    expect(timesLost).toBe(5);
  }, 60_000);
});
