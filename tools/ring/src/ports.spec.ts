import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { StartupError } from '@ringside/core';
import { chooseBlock, isFree, portsOfBlock, stillTaken, takenPorts } from './ports.js';

const everythingIsFree = (): Promise<boolean> => Promise.resolve(true);

describe('ports', () => {
  it('of different blocks never collide, and lie below those that systems hand out', () => {
    const all = Array.from({ length: 40 }, (_, block) => Object.values({ ...portsOfBlock(block) })).flat();
    expect(new Set(all).size).toBe(all.length);
    expect(Math.max(...all)).toBeLessThan(32_768);
  });

  it('are those of the first block that no region has and nobody listens in', async () => {
    const occupied = portsOfBlock(2).cql;
    const probe = (port: number): Promise<boolean> => Promise.resolve(port !== occupied);
    expect(await chooseBlock(new Set(), everythingIsFree)).toBe(0);
    expect(await chooseBlock(new Set([0, 1]), everythingIsFree)).toBe(2);
    expect(await chooseBlock(new Set([0, 1]), probe)).toBe(3);
    await expect(chooseBlock(new Set(), () => Promise.resolve(false))).rejects.toThrow(StartupError);
  });

  it('are free unless somebody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await takenPorts([port])).toEqual([port]);
    await new Promise((resolve) => server.close(resolve));
    expect(await isFree(port)).toBe(true);
  });

  it('are waited for while whoever held them dies, and named where they stay taken', async () => {
    let looks = 0;
    expect(await stillTaken([1, 2], 5_000, (port) => Promise.resolve(port === 1 || ++looks > 3))).toEqual([]);
    expect(looks).toBe(4);
    expect(await stillTaken([1, 2], 150, (port) => Promise.resolve(port === 1))).toEqual([2]);
  });
});
