import { type Clock, systemClock } from '@ringside/core';
import type { EventLog, LogHealth, SubscribeOptions } from '@ringside/event-log';
import { type AdminCall, createAdminCall, isForbidden } from './admin/request.js';
import type { JsonSchema } from './admin/schemas.js';
import { createAppender } from './append.js';
import { affectedBy, createCursors, moveCursors } from './cursors.js';
import { backlogOf, headsOf, readPartition } from './inspection.js';
import { openNativeTransport } from './native/transport.js';
import { openSubscription, type PulsarSubscription } from './subscription.js';
import { createTopics, type RingNamespaces } from './topics.js';
import type { Transport } from './transport.js';
import { parsePulsarUrl, type PulsarAddress } from './url.js';
import { createWebSocketTransport } from './websocket/transport.js';

export interface PulsarEventLogOptions {
  /** See {@link parsePulsarUrl}. */
  readonly url: string;
  readonly clock?: Clock;
  /** A record that is not acknowledged in this time is answered with `UnavailableError`, in ms; 10,000 where absent. */
  readonly sendMsMax?: number;
  /**
   * JSON Schemas of a topic's records, one for each event and version. Where there are any, `createTopic` uploads them to the
   * schema registry, as far as that can carry them, and throws `StartupError` where they do not fit what is there.
   */
  readonly schemasOf?: (topic: string) => readonly JsonSchema[];
  /** Where the topics of a ring are. Where absent, all are in the namespace that the URL names. */
  readonly ring?: RingNamespaces;
  /** Told what does not stop the log but somebody should know. */
  readonly onWarning?: (message: string) => void;
}

export interface PulsarEventLog extends EventLog {
  /** Cuts every connection as the process's death would: nothing is flushed or given back. For tests of what then happens. */
  abandon(): void;
}

const healthMsMax = 1_800;

/**
 * An event log on Apache Pulsar. Opening it does not connect: a Pulsar that is away is an `UnavailableError` of the calls that
 * need it. Throws `StartupError` for a wrong URL, and for `pulsar:` where the native client is not installed.
 */
export async function openPulsarEventLog(options: PulsarEventLogOptions): Promise<PulsarEventLog> {
  const address = parsePulsarUrl(options.url);
  const { sendMsMax = 10_000, onWarning = () => undefined } = options;
  const transport =
    address.transport === 'websocket'
      ? createWebSocketTransport(address, sendMsMax)
      : await openNativeTransport(address, { sendMsMax, onWarning });
  const { clock = systemClock, schemasOf = () => [], ring } = options;
  return eventLogOver(address, transport, { onWarning, clock, schemasOf, ring });
}

function eventLogOver(
  address: PulsarAddress,
  transport: Transport,
  {
    onWarning,
    clock,
    schemasOf,
    ring,
  }: Required<Pick<PulsarEventLogOptions, 'onWarning' | 'clock' | 'schemasOf'>> & { readonly ring: RingNamespaces | undefined },
): PulsarEventLog {
  const call = createAdminCall(address);
  const topics = createTopics({ ...address, call, schemasOf, ring });
  const appender = createAppender({ topics, transport, clock });
  const subscriptions = new Set<PulsarSubscription>();
  let closing: Promise<void> | undefined;

  async function subscribe({ topic, subscription, start, consumer }: SubscribeOptions): Promise<PulsarSubscription> {
    const placed = await topics.find(topic);
    await createCursors({ call, transport }, placed, subscription, start);
    const onClosed = (closed: PulsarSubscription): void => void subscriptions.delete(closed);
    const opened = await openSubscription({ topic: placed, subscription, consumer, call, transport, onWarning, onClosed });
    subscriptions.add(opened);
    return opened;
  }

  async function closeAll(): Promise<void> {
    await Promise.all([...subscriptions].map((subscription) => subscription.close()));
    await appender.close();
    await transport.close();
  }

  return {
    driver: transport.driver,
    capabilities: { atomicAppend: false, recordBytesMax: transport.recordBytesMax, shared: 'network' },
    createTopic: (topic, { partitions }) => topics.create(topic, partitions),
    topics: topics.list,
    append: appender.append,
    subscribe,
    read: (range) => readPartition({ call, topics, transport }, range),
    heads: async (topic) => headsOf(call, await topics.find(topic)),
    backlog: async (topic, subscription) => backlogOf(call, await topics.find(topic), subscription),
    resetCursor: async (topic, subscription, to) => {
      const placed = await topics.find(topic);
      const partitions = affectedBy(placed, to).map(({ partition }) => partition);
      // Consumers of this client leave first, so that they begin anew whichever way the cursor moves.
      const own = [...subscriptions].filter((one) => one.topic === topic && one.name === subscription);
      const move = () => moveCursors({ call, transport }, placed, subscription, to);
      await own.reduce((work, one) => () => one.without(partitions, work), move)();
    },
    health: () => probe(call),
    close: () => (closing ??= closeAll()),
    abandon: () => {
      for (const subscription of subscriptions) subscription.abandon();
      transport.abandon();
    },
  };
}

/**
 * The broker's own check: it publishes a message to itself and reads it. Where Pulsar asks for permissions that takes a superuser;
 * others ask whether the broker is ready, which is less.
 */
async function probe(call: AdminCall): Promise<LogHealth> {
  const ask = (path: string) => call(path, { msMax: healthMsMax });
  try {
    const { status } = await ask('brokers/health').catch((error: unknown) => {
      if (isForbidden(error)) return ask('brokers/ready');
      throw error;
    });
    return status === 200 ? { status: 'up' } : { status: 'down', reason: `The broker's health check answered ${status}.` };
  } catch (error) {
    return { status: 'down', reason: (error as Error).message };
  }
}
