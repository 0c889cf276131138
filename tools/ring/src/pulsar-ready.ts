import { randomUUID } from 'node:crypto';
import { concurrently } from '@ringside/core';
import WebSocket from 'ws';
import { pulsarAdmin, type PulsarAdmin } from './pulsar-admin.js';

const tenant = 'ring-probe';
const namespace = `${tenant}/messages`;
const answerMsMax = 10_000;

/**
 * Sends one message through Pulsar and receives it, over the API that the services use, on a topic that is removed afterwards;
 * then loads every topic that is there from before. Resolves if all of that worked; the error says what did not.
 *
 * The namespace stays. Removing one takes Pulsar many steps, and where a busy one is cut off between them the namespace can
 * neither be used nor be removed any more: every later probe would fail of that.
 */
export async function probePulsar(region: string, port: number): Promise<void> {
  const admin = pulsarAdmin(port);
  const topic = `${namespace}/${randomUUID()}`;
  await admin.put(`tenants/${tenant}`, { adminRoles: [], allowedClusters: [region] });
  await admin.put(`namespaces/${namespace}`, { replication_clusters: [region] });
  await admin.put(`persistent/${topic}`, undefined);
  try {
    await passMessage(port, topic);
  } finally {
    // A topic that is left behind does no harm, and what went wrong before is what should be told.
    await admin.remove(`persistent/${topic}?force=true`).catch(() => undefined);
  }
  await loadTopics(admin);
}

/** Pulsar keeps its own health checks in the second, and loads them by itself. */
const otherTenants: readonly string[] = [tenant, 'pulsar'];
const loadsInFlightMax = 8;

/**
 * Asks for the last message of every topic. A broker that came back from a kill has to own a topic, recover its last ledger and
 * open a new one before it can tell, and only then will the services' topics work.
 */
export async function loadTopics(admin: Pick<PulsarAdmin, 'get'>): Promise<void> {
  const list = async (path: string): Promise<readonly string[]> => ((await admin.get(path)) ?? []) as readonly string[];
  const tenants = (await list('tenants')).filter((name) => !otherTenants.includes(name));
  const namespaces = await Promise.all(tenants.map((name) => list(`namespaces/${name}`)));
  const topics = await Promise.all(namespaces.flat().map((name) => list(`persistent/${name}`)));
  const paths = topics.flat().map((name) => name.replace('persistent://', 'persistent/'));
  await concurrently(paths, loadsInFlightMax, (path) => admin.get(`${path}/lastMessageId`));
}

async function passMessage(port: number, topic: string): Promise<void> {
  const base = `ws://127.0.0.1:${port}/ws/v2`;
  const consumer = new WebSocket(`${base}/consumer/persistent/${topic}/ready?subscriptionInitialPosition=Earliest`);
  const producer = new WebSocket(`${base}/producer/persistent/${topic}`);
  try {
    const payload = Buffer.from(randomUUID()).toString('base64');
    const received = nextMessage(consumer);
    // Awaited below; a producer that fails first must not leave this rejection unheard.
    received.catch(() => undefined);
    await Promise.all([opened(consumer), opened(producer)]);
    const answered = nextMessage(producer);
    producer.send(JSON.stringify({ payload }));
    const answer = await answered;
    if (answer['result'] !== 'ok') throw new Error(`Pulsar refused a message: ${JSON.stringify(answer)}`);
    const message = await received;
    if (message['payload'] !== payload) throw new Error(`Pulsar delivered another message than was sent.`);
    consumer.send(JSON.stringify({ messageId: message['messageId'] }));
  } finally {
    await Promise.all([closed(consumer), closed(producer)]);
  }
}

function opened(socket: WebSocket): Promise<void> {
  return answered(socket, 'open', () => undefined);
}

function nextMessage(socket: WebSocket): Promise<Record<string, unknown>> {
  return answered(socket, 'message', (data) => JSON.parse(String(data)) as Record<string, unknown>);
}

function answered<T>(socket: WebSocket, event: 'open' | 'message', read: (data: unknown) => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`No answer within ${answerMsMax} ms over WebSocket.`)), answerMsMax);
    const done = (): void => clearTimeout(late);
    socket.once('error', (error) => (done(), reject(error)));
    socket.once('close', (code) => (done(), reject(new Error(`The WebSocket was closed with ${code}.`))));
    socket.once(event, (data: unknown) => (done(), resolve(read(data))));
  });
}

/** Waits for the other side to agree, because a topic with a producer is not removed. */
async function closed(socket: WebSocket): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) return;
  await new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
    socket.on('error', () => undefined);
    socket.close();
  });
}
