import { afterEach, describe, expect, it } from '@jest/globals';
import { UnavailableError } from '@ringside/core';
import type { Sender } from '../transport.js';
import { type FakeConnection, fakeService, stored } from './fake-service.fixture.js';
import { openSocket, type OpenSocket } from './socket.js';
import { createSender } from './sender.js';

const at = { tenant: 'acme', namespace: 'eu', topic: 'reports', partition: 3 };
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

type OnFrame = (connection: FakeConnection, frame: Record<string, string>) => void;

async function senderTo(onFrame: OnFrame, { sendMsMax = 5_000, token }: { sendMsMax?: number; token?: string } = {}) {
  const service = await fakeService(onFrame);
  const opened: string[] = [];
  const open: OpenSocket = (path, handlers) => {
    opened.push(path);
    return openSocket({ serviceUrl: service.serviceUrl, path, token: async () => token }, handlers);
  };
  const sender = createSender({ open, at, sendMsMax });
  closing.push(service.close);
  return { sender, service, opened };
}

const send = (sender: Sender, number: number, key = 'k') =>
  sender.send({ topic: 'reports', key, id: `id-${number}`, bytes: Buffer.from([number]) }, 1_000);

const answer: OnFrame = ({ socket, frames }, { context }) => socket.send(stored(context, frames.length - 1));

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('It did not come to that within 5 s.');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('a sender over WebSocket', () => {
  it('sends records in order to one partition, many before the first answer', async () => {
    const { sender, service } = await senderTo((connection) => {
      // Nothing is answered before all three are there.
      if (connection.frames.length < 3) return;
      connection.frames.forEach(({ context }, entry) => connection.socket.send(stored(context as string, entry)));
    });
    const ids = await Promise.all([send(sender, 0), send(sender, 1, 'ü"'), send(sender, 2)]);
    expect(ids.map(({ entryId }) => entryId)).toEqual([0, 1, 2]);
    const [{ request, frames }] = service.connections as [FakeConnection];
    expect(request.url).toMatch(/^\/ws\/v2\/producer\/persistent\/acme\/eu\/reports-partition-3\?/);
    expect(request.url).toContain('batchingEnabled=false');
    expect(request.url).toContain('sendTimeoutMillis=0');
    expect(frames[1]).toEqual({
      payload: 'AQ==',
      key: 'ü"',
      properties: { id: 'id-1' },
      context: expect.any(String),
      eventTime: '1970-01-01T00:00:01.000Z',
    });
  });

  it('gives each answer to its own record, whatever the order of the answers', async () => {
    const { sender } = await senderTo(({ socket, frames }) => {
      if (frames.length < 2) return;
      socket.send(stored(frames[1]!['context'] as string, 7));
      socket.send(stored(frames[0]!['context'] as string, 5));
    });
    const [first, second] = await Promise.all([send(sender, 0), send(sender, 1)]);
    expect([first.entryId, second.entryId]).toEqual([5, 7]);
  });

  it('rejects everything under way when the connection is cut, sends none of it again, and goes on with a new one', async () => {
    const { sender, service } = await senderTo((connection, frame) => {
      if (service.connections.length > 1) answer(connection, frame);
      // The first record is stored, the answer is lost; two others are under way.
      else if (connection.frames.length === 3) connection.socket.terminate();
    });
    const outcomes = await Promise.allSettled([send(sender, 0), send(sender, 1), send(sender, 2)]);
    for (const outcome of outcomes) {
      expect(outcome.status).toBe('rejected');
      expect((outcome as PromiseRejectedResult).reason).toBeInstanceOf(UnavailableError);
      expect(String((outcome as PromiseRejectedResult).reason)).toMatch(/may be stored or not/);
    }
    await send(sender, 3);
    expect(service.connections[1]!.frames.map(({ properties }) => properties)).toEqual([{ id: 'id-3' }]);
  });

  it('gives up on all when one is refused, so that nothing is stored behind what was not', async () => {
    const { sender, service } = await senderTo((connection, frame) => {
      const { socket, frames } = connection;
      if (service.connections.length > 1) return answer(connection, frame);
      if (frames.length === 1) answer(connection, frame);
      else if (frames.length === 3)
        socket.send(JSON.stringify({ result: 'send-error:3', errorMsg: 'quota', context: frames[1]!['context'] }));
    });
    const outcomes = await Promise.allSettled([send(sender, 0), send(sender, 1), send(sender, 2)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    await until(() => service.connections[0]!.socket.readyState === 3);
    await send(sender, 3);
    expect(service.connections).toHaveLength(2);
  });

  it('rejects what is not answered in time, and cuts the connection', async () => {
    const { sender, service } = await senderTo(() => undefined, { sendMsMax: 100 });
    const startedAt = performance.now();
    await expect(send(sender, 0)).rejects.toThrow(/no answer within 100 ms/);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    await until(() => service.connections[0]!.socket.readyState === 3);
  });

  it('takes no answer for a record that it does not know, nor one that names none', async () => {
    const { sender } = await senderTo((connection, frame) => {
      connection.socket.send(stored('99999', 1));
      connection.socket.send(stored(undefined, 1));
      answer(connection, frame);
    });
    // An answer without a context is no answer to anybody: the connection is not to be trusted.
    await expect(send(sender, 0)).rejects.toThrow(UnavailableError);
  });

  it('cuts a connection that sends what cannot be read', async () => {
    const { sender } = await senderTo(({ socket }) => socket.send('<html>'));
    await expect(send(sender, 0)).rejects.toThrow(/cannot be read/);
  });

  it('refuses at once, for a little while, where nobody listens', async () => {
    const { sender, service, opened } = await senderTo(answer);
    await service.close();
    await expect(send(sender, 0)).rejects.toThrow(/ECONNREFUSED/);
    await expect(send(sender, 1)).rejects.toThrow(UnavailableError);
    expect(opened).toHaveLength(1);
  });

  it('holds back what is more than 500 records under way', async () => {
    const { sender, service } = await senderTo(() => undefined);
    const sending = Array.from({ length: 700 }, (_, i) => send(sender, i % 256));
    await until(() => service.connections[0]?.frames.length === 500);
    const [connection] = service.connections as [FakeConnection];
    // Room is made one by one.
    connection.socket.send(stored(connection.frames[0]!['context'] as string, 0));
    await until(() => connection.frames.length === 501);
    connection.socket.terminate();
    const outcomes = await Promise.allSettled(sending);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('waits, when it is closed, for what is under way', async () => {
    const { sender, service } = await senderTo(() => undefined);
    const sending = send(sender, 0);
    await until(() => service.connections[0]?.frames.length === 1);
    const closed = sender.close();
    service.connections[0]!.socket.send(stored(service.connections[0]!.frames[0]!['context'] as string, 4));
    expect((await sending).entryId).toBe(4);
    await closed;
    await until(() => service.connections[0]!.socket.readyState === 3);
    await expect(send(sender, 1)).rejects.toThrow(UnavailableError);
  });

  it('shows its token', async () => {
    const { sender, service } = await senderTo(answer, { token: 'secret' });
    await send(sender, 0);
    expect(service.connections[0]!.request.headers.authorization).toBe('Bearer secret');
  });
});
