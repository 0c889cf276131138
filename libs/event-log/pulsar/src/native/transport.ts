import { UnavailableError } from '@ringside/core';
import type { StoredRecord } from '@ringside/event-log';
import { fullName } from '../admin/topics.js';
import { decodeMessageId, encodeMessageId, type MessageId, positionOf } from '../message-id.js';
import {
  nameInPulsar,
  type Channel,
  type ConsumeOptions,
  type ConsumerHandlers,
  type PartitionTopic,
  type Transport,
} from '../transport.js';
import type { PulsarAddress } from '../url.js';
import { createGate } from './gate.js';
import {
  loadPulsarClient,
  type NativeClient,
  type NativeMessage,
  type NativeMessageId,
  type PulsarClientModule,
  warnLevel,
} from './pulsar-client.js';
import { createNativeSender, reasonOf } from './sender.js';

/** A broker takes messages of 5 MiB unless it is set otherwise; the port's other drivers take less, so this is no promise to rely on. */
const recordBytesMax = 1024 * 1024;
const receiverQueueSize = 500;
const operationSecondsMax = 10;
const connectMsMax = 5_000;

export interface NativeOptions {
  readonly sendMsMax: number;
  readonly onWarning: (message: string) => void;
  /** In place of the installed module. */
  readonly module?: PulsarClientModule;
}

/** Pulsar through its official client, which finds brokers, batches, and reconnects by itself. */
export async function openNativeTransport(address: PulsarAddress, options: NativeOptions): Promise<Transport> {
  const pulsar = options.module ?? (await loadPulsarClient());
  pulsar.Client.setLogHandler((level, _file, _line, message) => {
    if (level >= warnLevel) options.onWarning(message);
  });
  const token = await address.token();
  const client = new pulsar.Client({
    serviceUrl: address.serviceUrl,
    operationTimeoutSeconds: operationSecondsMax,
    connectionTimeoutMs: connectMsMax,
    tlsValidateHostname: true,
    tlsAllowInsecureConnection: false,
    logLevel: warnLevel,
    ...(address.trustCertsFile !== undefined && { tlsTrustCertsFilePath: address.trustCertsFile }),
    ...(token !== undefined && {
      authentication: new pulsar.AuthenticationToken({ token: async () => (await address.token()) ?? token }),
    }),
  });
  let closing: Promise<unknown> | undefined;
  const close = (): Promise<unknown> => (closing ??= client.close().catch(() => undefined));
  return {
    driver: 'pulsar (native)',
    recordBytesMax,
    sender: (at) => createNativeSender({ client, topic: topicOf(at), sendMsMax: options.sendMsMax }),
    consume: (consume, handlers) => openChannel(client, consume, handlers, address.replicateSubscriptions),
    read: (at, after) => read(pulsar, client, at, after),
    close: async () => void (await close()),
    abandon: () => void close(),
  };
}

const topicOf = (at: PartitionTopic): string => fullName(at, nameInPulsar(at));

async function openChannel(
  client: NativeClient,
  { at, subscription, consumer }: ConsumeOptions,
  handlers: ConsumerHandlers,
  replicateSubscriptionState: boolean,
): Promise<Channel> {
  const native = await unavailableOn(
    client.subscribe({
      topic: topicOf(at),
      subscription,
      subscriptionType: 'Failover',
      consumerName: consumer,
      receiverQueueSize,
      batchIndexAckEnabled: true,
      replicateSubscriptionState,
    }),
  );
  const gate = createGate();
  let closing = false;

  async function receiveWhileOpen(): Promise<void> {
    while (!closing) {
      await gate.pass();
      if (closing) return;
      const message = await native.receive();
      if (!closing) handlers.onArrival({ record: recordOf(message, at), handle: message.getMessageId() });
    }
  }

  async function close(): Promise<void> {
    closing = true;
    gate.request(1); // lets the loop see it
    await native.close().catch(() => undefined);
  }

  void receiveWhileOpen().catch((error: unknown) => {
    if (closing) return;
    // `onClosed` ends this connection for good, so nothing of it may stay behind as a consumer that holds the partition.
    void close();
    handlers.onClosed(reasonOf(error));
  });
  return {
    request: gate.request,
    acknowledge: (handles) => {
      const last = handles.at(-1) as NativeMessageId | undefined;
      // A lost acknowledgement does no harm: the record comes again.
      if (last !== undefined) native.acknowledgeCumulativeId(last).catch(() => undefined);
    },
    close,
  };
}

async function* read(
  pulsar: PulsarClientModule,
  client: NativeClient,
  at: PartitionTopic,
  after: MessageId | undefined,
): AsyncGenerator<StoredRecord> {
  const startMessageId =
    after === undefined ? pulsar.MessageId.earliest() : pulsar.MessageId.deserialize(encodeMessageId(after, at.partition));
  const reader = await unavailableOn(client.createReader({ topic: topicOf(at), startMessageId, receiverQueueSize }));
  try {
    for (;;) yield recordOf(await unavailableOn(reader.readNext()), at);
  } finally {
    await reader.close().catch(() => undefined);
  }
}

function recordOf(message: NativeMessage, { topic, partition }: PartitionTopic): StoredRecord {
  const position = positionOf(decodeMessageId(message.getMessageId().serialize()));
  return {
    topic,
    partition,
    key: message.getPartitionKey(),
    // A message that Ringside did not append has no id of its own; its place is one.
    id: message.getProperties()['id'] ?? `${topic}/${partition}/${position}`,
    bytes: message.getData(),
    position,
    appendedAt: message.getEventTimestamp() || message.getPublishTimestamp(),
  };
}

async function unavailableOn<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    throw new UnavailableError('event-log', `Pulsar's client failed: ${reasonOf(error)}.`, { cause: error });
  }
}
