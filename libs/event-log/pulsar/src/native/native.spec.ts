import { describe, expect, it } from '@jest/globals';
import { StartupError, UnavailableError } from '@ringside/core';
import { encodeMessageId, positionOf } from '../message-id.js';
import type { Arrival, Transport } from '../transport.js';
import { parsePulsarUrl } from '../url.js';
import { loadPulsarClient, type NativeMessage, type NativeMessageId, type PulsarClientModule } from './pulsar-client.js';
import { openNativeTransport } from './transport.js';

const at = { tenant: 'acme', namespace: 'eu', topic: 'reports', partition: 3 };

const nativeId = (entryId: number, batchIndex = -1): NativeMessageId => ({
  serialize: () => encodeMessageId({ ledgerId: 6, entryId, batchIndex }, 3),
});

const message = (entryId: number): NativeMessage => ({
  getProperties: () => ({ id: `id-${entryId}` }),
  getData: () => Buffer.from([entryId]),
  getMessageId: () => nativeId(entryId, 0),
  getPublishTimestamp: () => 2_000,
  getEventTimestamp: () => 0,
  getPartitionKey: () => 'kéy',
});

/** The module as its typings describe it, with calls that the spec answers. */
function fakeModule(answers: {
  send?: (data: Buffer) => Promise<NativeMessageId>;
  receive?: () => Promise<NativeMessage>;
  createProducer?: () => Promise<void>;
}) {
  const calls: [string, unknown][] = [];
  const note = async (call: string, argument?: unknown): Promise<null> => {
    calls.push([call, argument]);
    return null;
  };
  class Client {
    static setLogHandler = (): void => undefined;
    constructor(config: unknown) {
      void note('client', config);
    }
    createProducer = async (config: unknown) => {
      await note('createProducer', config);
      await answers.createProducer?.();
      const send = async (sent: { data: Buffer }) => {
        await note('send', sent);
        return answers.send!(sent.data);
      };
      return { send, flush: () => note('flush'), close: () => note('producer.close') };
    };
    subscribe = async (config: unknown) => {
      await note('subscribe', config);
      return {
        receive: () => answers.receive!(),
        acknowledgeCumulativeId: (id: NativeMessageId) => note('acknowledge', id.serialize().toString('hex')),
        close: () => note('consumer.close'),
      };
    };
    createReader = async (config: unknown) => {
      await note('createReader', config);
      return { readNext: () => answers.receive!(), close: () => note('reader.close') };
    };
    close = () => note('close');
  }
  const module: PulsarClientModule = {
    Client,
    AuthenticationToken: class {
      constructor(readonly params: { token: () => Promise<string> }) {}
    },
    MessageId: { earliest: () => nativeId(-1), deserialize: (bytes) => ({ serialize: () => bytes }) },
  };
  return { module, calls, of: (name: string) => calls.filter(([call]) => call === name).map(([, argument]) => argument) };
}

const open = (module: PulsarClientModule, url = 'pulsar://broker'): Promise<Transport> =>
  openNativeTransport(parsePulsarUrl(url), { sendMsMax: 4_000, onWarning: () => undefined, module });

const record = (number: number) => ({ topic: 'reports', key: 'k', id: `id-${number}`, bytes: Buffer.from([number]) });

describe('the native client', () => {
  it('is missed in a sentence that says how to get it and what else there is', async () => {
    const missing = loadPulsarClient(async () => {
      throw new Error("Cannot find package 'pulsar-client'");
    });
    await expect(missing).rejects.toThrow(StartupError);
    await expect(missing).rejects.toThrow(/npm install pulsar-client.*pulsar\+ws:.*embedded:/);
  });

  it('is taken as CommonJS gives it', async () => {
    const { module } = fakeModule({});
    expect(await loadPulsarClient(async () => ({ default: module }))).toBe(module);
  });

  it('is told where to connect, under TLS and with a token that may change', async () => {
    const fake = fakeModule({});
    await open(fake.module, 'pulsar+ssl://broker?token=secret&trustCertsFile=/ca.pem');
    const [config] = fake.of('client') as [{ authentication: { params: { token: () => Promise<string> } } }];
    expect(config).toMatchObject({
      serviceUrl: 'pulsar+ssl://broker:6651',
      tlsTrustCertsFilePath: '/ca.pem',
      tlsValidateHostname: true,
      tlsAllowInsecureConnection: false,
    });
    expect(await config.authentication.params.token()).toBe('secret');
  });
});

describe('appending natively', () => {
  it('batches to the partition that was chosen, with id, key and time', async () => {
    const fake = fakeModule({ send: async (data) => nativeId(data[0]!, 2) });
    const sender = (await open(fake.module)).sender(at);
    expect(await sender.send(record(5), 1_000)).toEqual({ ledgerId: 6, entryId: 5, batchIndex: 2 });
    expect(fake.of('createProducer')[0]).toMatchObject({
      topic: 'persistent://acme/eu/reports-partition-3',
      batchingEnabled: true,
      sendTimeoutMs: 4_000,
      blockIfQueueFull: false,
    });
    expect(fake.of('send')).toEqual([
      { data: Buffer.from([5]), partitionKey: 'k', properties: { id: 'id-5' }, eventTimestamp: 1_000 },
    ]);
    await sender.close();
    expect(fake.of('producer.close')).toHaveLength(1);
  });

  it('fails what waits behind a record that failed, and sends none of it', async () => {
    let fail: (error: Error) => void = () => undefined;
    const fake = fakeModule({ send: () => new Promise((_, reject) => (fail = reject)) });
    const sender = (await open(fake.module)).sender(at);
    const sending = Array.from({ length: 1_000 }, (_, i) => sender.send(record(i % 256), 0));
    const outcomes = Promise.allSettled(sending.slice(899));
    while (fake.of('send').length < 900) await new Promise((resolve) => setImmediate(resolve));
    fail(new Error('TimeOut'));
    for (const outcome of await outcomes) {
      expect(outcome.status).toBe('rejected');
      expect((outcome as PromiseRejectedResult).reason).toBeInstanceOf(UnavailableError);
    }
    expect(fake.of('send')).toHaveLength(900);
    expect(fake.of('producer.close')).toHaveLength(1);
    void sender.send(record(0), 0).catch(() => undefined);
    while (fake.of('send').length < 901) await new Promise((resolve) => setImmediate(resolve));
    expect(fake.of('createProducer')).toHaveLength(2);
  });

  it('is unavailable at once, for a little while, after the broker could not be reached', async () => {
    const fake = fakeModule({
      createProducer: async () => {
        throw new Error('ConnectError');
      },
    });
    const sender = (await open(fake.module)).sender(at);
    await expect(sender.send(record(0), 0)).rejects.toThrow(/ConnectError/);
    await expect(sender.send(record(1), 0)).rejects.toThrow(UnavailableError);
    expect(fake.of('createProducer')).toHaveLength(1);
  });
});

describe('consuming natively', () => {
  it('receives as much as was requested, and acknowledges up to the last of what it is given', async () => {
    let entry = 0;
    const fake = fakeModule({ receive: async () => message(entry++) });
    const transport = await open(fake.module, 'pulsar://broker?replicateSubscriptions=true');
    const arrived: Arrival[] = [];
    const handlers = { onArrival: (arrival: Arrival) => void arrived.push(arrival), onClosed: () => undefined };
    const channel = await transport.consume({ at, subscription: 'team', consumer: 'c' }, handlers);
    expect(fake.of('subscribe')[0]).toMatchObject({
      topic: 'persistent://acme/eu/reports-partition-3',
      subscription: 'team',
      subscriptionType: 'Failover',
      consumerName: 'c',
      replicateSubscriptionState: true,
    });
    channel.request(3);
    while (arrived.length < 3) await new Promise((resolve) => setImmediate(resolve));
    expect(arrived.map(({ record }) => record)).toMatchObject([
      {
        id: 'id-0',
        key: 'kéy',
        partition: 3,
        appendedAt: 2_000,
        position: positionOf({ ledgerId: 6, entryId: 0, batchIndex: 0 }),
      },
      { id: 'id-1' },
      { id: 'id-2' },
    ]);
    channel.acknowledge(arrived.slice(0, 2).map(({ handle }) => handle));
    expect(fake.of('acknowledge')).toEqual([nativeId(1, 0).serialize().toString('hex')]);
    await channel.close();
    expect(entry).toBe(3);
    expect(fake.of('consumer.close')).toHaveLength(1);
  });

  it('says once that it is over when receiving fails, and leaves no consumer behind', async () => {
    const fake = fakeModule({
      receive: async () => {
        throw new Error('AlreadyClosed');
      },
    });
    const reasons: string[] = [];
    const handlers = { onArrival: () => undefined, onClosed: (reason: string) => void reasons.push(reason) };
    const channel = await (await open(fake.module)).consume({ at, subscription: 'team', consumer: 'c' }, handlers);
    channel.request(2);
    while (reasons.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(reasons).toEqual(['AlreadyClosed']);
    expect(fake.of('consumer.close')).toHaveLength(1);
  });
});

describe('reading natively', () => {
  it('begins behind a message, and closes the reader when the caller leaves', async () => {
    const fake = fakeModule({ receive: async () => message(8) });
    const transport = await open(fake.module);
    for await (const { id } of transport.read(at, { ledgerId: 6, entryId: 7, batchIndex: -1 })) {
      expect(id).toBe('id-8');
      break;
    }
    const [{ startMessageId }] = fake.of('createReader') as [{ startMessageId: NativeMessageId }];
    expect(startMessageId.serialize()).toEqual(encodeMessageId({ ledgerId: 6, entryId: 7, batchIndex: -1 }, 3));
    expect(fake.of('reader.close')).toHaveLength(1);
  });
});
