import { describe, expect, it } from '@jest/globals';

import { connectionPool } from './connection-pool.js';
import type { HttpConnection } from './http-connection.js';

interface Fake extends HttpConnection {
  isClosed: boolean;
}

function fakes() {
  const opened: Fake[] = [];
  const open = (): Promise<Fake> => {
    const one: Fake = {
      isClosed: false,
      send: () => Promise.reject(new Error('It sends nothing.')),
      isOpen: () => !one.isClosed,
      close: () => (one.isClosed = true),
    };
    opened.push(one);
    return Promise.resolve(one);
  };
  return { opened, open };
}

describe('a pool of connections', () => {
  it('opens no more than it may, and lets who comes later wait for what comes back', async () => {
    const { opened, open } = fakes();
    const pool = connectionPool(open, 2);
    const first = await pool.take();
    await pool.take();
    const third = pool.take();
    await new Promise(setImmediate);
    expect(opened).toHaveLength(2);
    pool.giveBack(first);
    expect(await third).toBe(first);
  });

  it('opens another in place of one that was closed', async () => {
    const { opened, open } = fakes();
    const pool = connectionPool(open, 1);
    const first = await pool.take();
    pool.giveBack(first);
    opened[0]!.isClosed = true;
    expect(await pool.take()).toBe(opened[1]);
  });

  it('has room again where one could not be opened', async () => {
    const { open } = fakes();
    let fails = true;
    const pool = connectionPool(() => (fails ? Promise.reject(new Error('refused')) : open()), 1);
    await expect(pool.take()).rejects.toThrow('refused');
    fails = false;
    await expect(pool.take()).resolves.toBeDefined();
  });

  it('closes what is idle', async () => {
    const { opened, open } = fakes();
    const pool = connectionPool(open, 2);
    pool.giveBack(await pool.take());
    pool.close();
    expect(opened.map(({ isClosed }) => isClosed)).toEqual([true]);
  });
});
