import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { StartupError } from '@ringside/core';

/** The TCP ports of one region, all on the loopback address. */
export interface RegionPorts {
  /** Pulsar's admin REST API and its WebSocket API. */
  readonly pulsarWeb: number;
  /** Pulsar's binary protocol. */
  readonly pulsarBroker: number;
  readonly bookie: number;
  readonly cql: number;
  readonly cassandraStorage: number;
}

const firstBlock = 18_000;
const blockSize = 100;
const blocksMax = 40;

/**
 * A block of ports, below those that operating systems hand out by themselves. The last digits recall the ports that the servers
 * have by default: 8080, 6650, 3181, 9042, 7000.
 */
export function portsOfBlock(block: number): RegionPorts {
  const base = firstBlock + block * blockSize;
  return {
    pulsarWeb: base + 80,
    pulsarBroker: base + 50,
    bookie: base + 81,
    cql: base + 42,
    cassandraStorage: base + 70,
  };
}

export type Probe = (port: number) => Promise<boolean>;

/** Whether a port can be listened on now. */
export const isFree: Probe = (port) =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });

/** The first block that no region has and whose ports are all free. */
export async function chooseBlock(taken: ReadonlySet<number>, probe: Probe = isFree): Promise<number> {
  for (let block = 0; block < blocksMax; block += 1) {
    if (!taken.has(block) && (await takenPorts(Object.values({ ...portsOfBlock(block) }), probe)).length === 0) return block;
  }
  const last = firstBlock + blocksMax * blockSize - 1;
  throw new StartupError(`No block of ports is free between ${firstBlock} and ${last}; stop what listens there.`);
}

export async function takenPorts(ports: readonly number[], probe: Probe = isFree): Promise<readonly number[]> {
  const taken: number[] = [];
  for (const port of ports) if (!(await probe(port))) taken.push(port);
  return taken;
}

const lookEveryMs = 100;

/** Ports that are taken and stay so for all of this time, in ms. */
export async function stillTaken(ports: readonly number[], msMax: number, probe: Probe = isFree): Promise<readonly number[]> {
  const deadline = performance.now() + msMax;
  for (;;) {
    const taken = await takenPorts(ports, probe);
    if (taken.length === 0 || performance.now() > deadline) return taken;
    await delay(lookEveryMs);
  }
}
