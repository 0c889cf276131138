import { setTimeout as delay } from 'node:timers/promises';
import { UnavailableError } from '@ringside/core';
import type cassandra from 'cassandra-driver';

import { closeClient, cqlClient } from './cql-client.js';
import { reasonOf, startupError } from './cql-errors.js';
import type { CqlSettings } from './cql-url.js';

/** A store that is not there, when its service starts or later, is asked again in the background until it is. */
export interface Connection {
  /** Throws `UnavailableError` while no node is connected, and once closing has begun. */
  client(): cassandra.Client;
  /** Counts a call, so that {@link close} can wait for it. */
  run<T>(call: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Waits between attempts to connect, after the first two: doubling, with jitter. In ms. */
const waitMs = { first: 100, max: 5_000 };

/**
 * Resolves after the first attempt, whether the store was there or not. Throws `StartupError` where waiting would not help:
 * wrong password, wrong data center, no permission.
 *
 * @param prepare makes the keyspace what the driver needs, once, before the first call goes through.
 */
export async function openConnection(
  settings: CqlSettings,
  prepare: (client: cassandra.Client) => Promise<void>,
): Promise<Connection> {
  const closing = new AbortController();
  const underWay = new Set<Promise<unknown>>();
  let connected: cassandra.Client | undefined;
  let isPrepared = false;
  let away = '';
  let trying: Promise<void> | undefined;

  async function attempt(): Promise<void> {
    const client = cqlClient(settings);
    try {
      await client.connect();
      if (!isPrepared) await prepare(client);
      isPrepared = true;
    } catch (error) {
      away = reasonOf(error);
      await closeClient(client);
      throw error;
    }
    connected = client;
    const giveUp = (): void => replaceIfAlone(client);
    client.on('hostDown', giveUp);
    giveUp();
  }

  /**
   * With every node gone a client starts over from its contact points, but goes on asking the nodes that it knew before
   * (cassandra-driver 4.10: its token map is not built again). A new client does not, and looks addresses up anew.
   */
  function replaceIfAlone(client: cassandra.Client): void {
    const hosts = client.getState().getConnectedHosts();
    if (connected !== client || hosts.some((host) => host.isUp())) return;
    connected = undefined;
    away = 'the connection to every node was lost.';
    tryInBackground();
    void closeClient(client);
  }

  function tryInBackground(): void {
    trying ??= keepTrying().finally(() => (trying = undefined));
  }

  async function keepTrying(): Promise<void> {
    for (
      let wait = 0;
      connected === undefined && !closing.signal.aborted;
      wait = Math.min(wait * 2 || waitMs.first, waitMs.max)
    ) {
      await delay(wait * (0.5 + Math.random() / 2), undefined, { signal: closing.signal }).catch(() => undefined);
      if (!closing.signal.aborted) await attempt().catch(() => undefined);
    }
  }

  try {
    await attempt();
  } catch (error) {
    const fatal = startupError(error);
    if (fatal !== undefined) throw fatal;
    tryInBackground();
  }

  let closed: Promise<void> | undefined;
  return {
    client: () => {
      if (connected !== undefined) return connected;
      throw new UnavailableError('view-store', `The view store is away: ${away}`);
    },
    run: async (call) => {
      if (closing.signal.aborted) throw new UnavailableError('view-store', 'The view store is closed.');
      const result = call();
      underWay.add(result);
      try {
        return await result;
      } finally {
        underWay.delete(result);
      }
    },
    close: () => (closed ??= end()),
  };

  async function end(): Promise<void> {
    closing.abort();
    await Promise.allSettled([trying, ...underWay]);
    if (connected !== undefined) await closeClient(connected);
  }
}
