import { StartupError } from '@ringside/core';

/*
 * What is used of the module `pulsar-client`, after its published typings (1.18). Written down here so that this compiles where
 * the module is not installed: it is a native addon, fetched or built at its installation, and only needed where it is chosen.
 */

export interface NativeMessageId {
  /** Pulsar's MessageIdData in protobuf. */
  serialize(): Buffer;
}

export interface NativeMessage {
  getProperties(): Readonly<Record<string, string>>;
  getData(): Buffer;
  getMessageId(): NativeMessageId;
  getPublishTimestamp(): number;
  /** 0 where the producer gave none. */
  getEventTimestamp(): number;
  getPartitionKey(): string;
}

export interface NativeProducer {
  send(message: {
    readonly data: Buffer;
    readonly partitionKey: string;
    readonly properties: Readonly<Record<string, string>>;
    readonly eventTimestamp: number;
  }): Promise<NativeMessageId>;
  flush(): Promise<null>;
  close(): Promise<null>;
}

export interface NativeConsumer {
  receive(): Promise<NativeMessage>;
  acknowledgeCumulativeId(id: NativeMessageId): Promise<null>;
  close(): Promise<null>;
}

export interface NativeReader {
  readNext(): Promise<NativeMessage>;
  close(): Promise<null>;
}

export interface NativeClient {
  createProducer(config: {
    readonly topic: string;
    readonly sendTimeoutMs: number;
    readonly maxPendingMessages: number;
    readonly blockIfQueueFull: boolean;
    readonly batchingEnabled: boolean;
    readonly batchingMaxPublishDelayMs: number;
    readonly batchingMaxMessages: number;
    readonly compressionType: 'LZ4';
  }): Promise<NativeProducer>;
  subscribe(config: {
    readonly topic: string;
    readonly subscription: string;
    readonly subscriptionType: 'Failover';
    readonly consumerName: string;
    readonly receiverQueueSize: number;
    readonly batchIndexAckEnabled: boolean;
    readonly replicateSubscriptionState: boolean;
  }): Promise<NativeConsumer>;
  createReader(config: {
    readonly topic: string;
    readonly startMessageId: NativeMessageId;
    readonly receiverQueueSize: number;
  }): Promise<NativeReader>;
  close(): Promise<null>;
}

export interface NativeClientConfig {
  readonly serviceUrl: string;
  readonly authentication?: object;
  readonly operationTimeoutSeconds: number;
  readonly connectionTimeoutMs: number;
  readonly tlsTrustCertsFilePath?: string;
  readonly tlsValidateHostname: boolean;
  readonly tlsAllowInsecureConnection: boolean;
  readonly logLevel: number;
}

export interface PulsarClientModule {
  readonly Client: {
    new (config: NativeClientConfig): NativeClient;
    /** One handler per process. */
    setLogHandler(handler: (level: number, file: string, line: number, message: string) => void): void;
  };
  readonly AuthenticationToken: new (params: { readonly token: () => Promise<string> }) => object;
  readonly MessageId: { earliest(): NativeMessageId; deserialize(bytes: Buffer): NativeMessageId };
}

/** Level of the client's log from which on it is of interest. */
export const warnLevel = 2;

/** Throws {@link StartupError} where the module is not there or does not load. */
export async function loadPulsarClient(
  importModule: (name: string) => Promise<unknown> = (name) => import(name),
): Promise<PulsarClientModule> {
  let loaded: unknown;
  try {
    loaded = await importModule('pulsar-client');
  } catch (error) {
    throw new StartupError(
      `The URL of Pulsar asks for the native client, which cannot be loaded (${(error as Error).message.split('\n', 1)[0]}). ` +
        'Install it with "npm install pulsar-client" on a platform that it is built for, or use Pulsar over its WebSocket API ' +
        '(pulsar+ws://host:8080/tenant/namespace), or the embedded event log (embedded:).',
      { cause: error },
    );
  }
  // CommonJS: seen from here it is the default export.
  return ((loaded as { default?: unknown }).default ?? loaded) as PulsarClientModule;
}
