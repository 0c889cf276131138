import { setTimeout as delay } from 'node:timers/promises';
import { UnavailableError } from '@ringside/core';
import type cassandra from 'cassandra-driver';

import { cqlClient } from './cql-client.js';
import { reasonOf, startupError } from './cql-errors.js';
import type { CqlSettings } from './cql-url.js';

/** What becomes of a store that is not there when its service starts: asked again in the background, until it is. */
export interface Connection {
  /** Throws `UnavailableError` until the store was reached for the first time, and once closing has begun. */
  client(): cassandra.Client;
  /** Counts a call, so that {@link close} can wait for it. */
  run<T>(call: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Waits between attempts to connect for the first time: doubling, with jitter. In ms. */
const waitMs = { first: 250, max: 5_000 };

/**
 * Resolves after the first attempt, whether the store was there or not. Throws `StartupError` where waiting would not help:
 * wrong password, wrong data center, no permission.
 *
 * @param prepare makes the keyspace what the driver needs, before the first call goes through.
 */
export async function openConnection(
  settings: CqlSettings,
  prepare: (client: cassandra.Client) => Promise<void>,
): Promise<Connection> {
  const closing = new AbortController();
  const underWay = new Set<Promise<unknown>>();
  let connected: cassandra.Client | undefined;
  let away = '';

  async function attempt(): Promise<void> {
    const client = cqlClient(settings);
    // The driver reports what it then also rejects with; a listener keeps an unheard "error" event from ending the process.
    client.on('error', () => undefined);
    try {
      await client.connect();
      await prepare(client);
      connected = client;
    } catch (error) {
      away = reasonOf(error);
      await client.shutdown();
      throw error;
    }
  }

  async function keepTrying(): Promise<void> {
    for (let wait = waitMs.first; connected === undefined && !closing.signal.aborted; wait = Math.min(wait * 2, waitMs.max)) {
      await delay(wait * (0.5 + Math.random() / 2), undefined, { signal: closing.signal }).catch(() => undefined);
      if (!closing.signal.aborted) await attempt().catch(() => undefined);
    }
  }

  let trying: Promise<void> = Promise.resolve();
  try {
    await attempt();
  } catch (error) {
    const fatal = startupError(error);
    if (fatal !== undefined) throw fatal;
    trying = keepTrying();
  }

  const refuseIfClosed = (): void => {
    if (closing.signal.aborted) throw new UnavailableError('view-store', 'The view store is closed.');
  };
  let closed: Promise<void> | undefined;
  return {
    client: () => {
      if (connected !== undefined) return connected;
      throw new UnavailableError('view-store', `The view store was not reached yet: ${away}`);
    },
    run: async (call) => {
      refuseIfClosed();
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
    await connected?.shutdown();
  }
}
