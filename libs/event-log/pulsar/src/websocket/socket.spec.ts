import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { UnavailableError } from '@ringside/core';
import { type FakeConnection, fakeService } from './fake-service.fixture.js';
import { openConsumer } from './consumer.js';
import { readOverSocket } from './reader.js';
import { openSocket, type OpenSocket } from './socket.js';

const at = { tenant: 'acme', namespace: 'eu', topic: 'reports', partition: 3 };
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function service(...onFrame: Parameters<typeof fakeService>) {
  const fake = await fakeService(...onFrame);
  closing.push(fake.close);
  const open: OpenSocket = (path, handlers) =>
    openSocket({ serviceUrl: fake.serviceUrl, path, token: async () => 'secret' }, handlers);
  return { ...fake, open };
}

const message = (entry: number): string =>
  JSON.stringify({
    messageId: Buffer.from([8, 6, 16, entry, 24, 3]).toString('base64'),
    payload: Buffer.from(`record ${entry}`).toString('base64'),
    properties: { id: `id-${entry}` },
    publishTime: '2026-01-31T12:00:00.005Z',
    eventTime: '2026-01-31T12:00:00Z',
    redeliveryCount: 0,
    key: 'kéy',
  });

describe('a reader over WebSocket', () => {
  it('misses nothing that comes together with the handshake, and acknowledges each record', async () => {
    const both = ({ socket }: FakeConnection): void => [0, 1].forEach((entry) => socket.send(message(entry)));
    const { open, connections } = await service(undefined, both);
    const reading = readOverSocket(open, at, undefined);
    const first = reading.next();
    expect((await first).value).toMatchObject({ id: 'id-0', key: 'kéy', partition: 3, appendedAt: Date.UTC(2026, 0, 31, 12) });
    expect((await reading.next()).value).toMatchObject({ id: 'id-1' });
    const [{ socket, frames, request }] = connections as [FakeConnection];
    expect(request.url).toContain('/reader/persistent/acme/eu/reports-partition-3?messageId=earliest');
    while (frames.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(frames[0]).toEqual({ messageId: JSON.parse(message(0)).messageId });
    socket.terminate();
    await expect(reading.next()).rejects.toThrow(UnavailableError);
  });
});

describe('a consumer over WebSocket', () => {
  it('asks for records in pull mode and acknowledges them one by one', async () => {
    const { open, connections } = await service(({ socket }, { type }) => {
      if (type === 'permit') for (const entry of [0, 1]) socket.send(message(entry));
    });
    const arrived: unknown[] = [];
    let closedBecause: string | undefined;
    let both: () => void;
    const came = new Promise<void>((resolve) => (both = resolve));
    const channel = await openConsumer(
      open,
      { at, subscription: 'team/a', consumer: 'c/1' },
      {
        onArrival: ({ handle }) => {
          if (arrived.push(handle) === 2) both();
        },
        onClosed: (reason) => (closedBecause = reason),
      },
    );
    channel.request(2);
    await came;
    channel.acknowledge(arrived);
    await channel.close();
    const [{ request, frames }] = connections as [FakeConnection];
    expect(request.url).toMatch(/^\/ws\/v2\/consumer\/persistent\/acme\/eu\/reports-partition-3\/team%2Fa\?/);
    for (const part of ['subscriptionType=Failover', 'pullMode=true', 'consumerName=c%2F1'])
      expect(request.url).toContain(part);
    expect(frames).toEqual([
      { type: 'permit', permitMessages: 2 },
      { type: 'ack', messageId: arrived[0] },
      { type: 'ack', messageId: arrived[1] },
    ]);
    expect(closedBecause).toBeUndefined();
  });
});

describe('opening a connection', () => {
  it('follows to the broker that owns the topic, token in hand', async () => {
    const { serviceUrl, connections } = await service();
    const front = createServer();
    front.on('upgrade', (request, socket) => {
      socket.end(`HTTP/1.1 307 Temporary Redirect\r\nLocation: ${serviceUrl}${request.url}\r\nConnection: close\r\n\r\n`);
    });
    await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => front.close(() => resolve())));
    const url = `ws://127.0.0.1:${(front.address() as AddressInfo).port}`;
    const handlers = { onText: () => undefined, onClosed: () => undefined };
    const socket = await openSocket({ serviceUrl: url, path: '/producer/x', token: async () => 'secret' }, handlers);
    expect(connections[0]!.request).toMatchObject({ url: '/ws/v2/producer/x', headers: { authorization: 'Bearer secret' } });
    socket.cut();
  });

  it('fails, in words, where it is refused', async () => {
    const refusing = createServer();
    refusing.on('upgrade', (_, socket) => socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n'));
    await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => refusing.close(() => resolve())));
    const serviceUrl = `ws://127.0.0.1:${(refusing.address() as AddressInfo).port}`;
    const handlers = { onText: () => undefined, onClosed: () => expect('never called').toBe('') };
    const opening = openSocket({ serviceUrl, path: '/producer/x', token: async () => undefined }, handlers);
    await expect(opening).rejects.toThrow(/did not open \/ws\/v2\/producer\/x.*404/);
    await expect(opening).rejects.toBeInstanceOf(UnavailableError);
  });
});
