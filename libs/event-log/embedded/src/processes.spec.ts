import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { StoredRecord, Subscription } from '@ringside/event-log';
import { type EmbeddedEventLog, openEmbeddedEventLog } from './open.js';

const fixtures = new URL('../fixtures/', import.meta.url);
const leaseMs = 600;
const deadlineMs = 10_000;

let directory: string;
let log: EmbeddedEventLog;
let clients: Client[];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ringside-processes-'));
  log = await openEmbeddedEventLog({ directory, leaseMs });
  clients = [];
});

afterEach(async () => {
  for (const { child } of clients) child.kill('SIGKILL');
  await log.close();
  rmSync(directory, { recursive: true, force: true });
});

interface Client {
  readonly child: ChildProcess;
  /** Ids that the process reported as stored. */
  readonly stored: string[];
  readonly ask: <T>(command: string, argument?: object) => Promise<T>;
}

interface Message {
  readonly ready?: true;
  readonly stored?: string;
  readonly number?: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** A process of its own with the event log open. With a limit, none of its files may grow beyond that many blocks. */
async function startClient(fileBlocksMax?: number): Promise<Client> {
  const node = [
    '--conditions=@ringside/source',
    `--import=${new URL('typescript.mjs', fixtures).href}`,
    new URL('client.mjs', fixtures).pathname,
    directory,
    String(leaseMs),
  ];
  const limited = ['-c', `ulimit -f ${fileBlocksMax}; exec "$0" "$@"`, process.execPath, ...node];
  const [command, args] = fileBlocksMax === undefined ? [process.execPath, node] : ['/bin/sh', limited];
  // lmdb-js prints failed commits; they are what one of the cases is about.
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', fileBlocksMax ? 'ignore' : 'inherit', 'ipc'] });
  const stored: string[] = [];
  const waiting = new Map<number, (message: Message) => void>();
  let asked = 0;
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The client ended with ${code}.`)));
    child.on('message', (message: Message) => {
      if (message.ready) resolve();
      if (message.stored !== undefined) stored.push(message.stored);
      if (message.number !== undefined) waiting.get(message.number)?.(message);
    });
  });
  const ask = <T>(name: string, argument?: object): Promise<T> =>
    new Promise((resolve, reject) => {
      const number = asked++;
      waiting.set(number, ({ value, error }) => (error === undefined ? resolve(value as T) : reject(new Error(error))));
      child.send({ number, command: name, argument });
    });
  const client = { child, stored, ask };
  clients.push(client);
  return client;
}

async function eventually(expectation: () => Promise<void> | void): Promise<void> {
  const until = performance.now() + deadlineMs;
  for (;;) {
    try {
      return await expectation();
    } catch (failure) {
      if (performance.now() > until) throw failure;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

const subscribe = (topic: string, subscription: string): Promise<Subscription> =>
  log.subscribe({ topic, subscription, start: { at: 'earliest' }, consumer: 'spec' });

async function take(subscription: Subscription, count: number): Promise<readonly StoredRecord[]> {
  const taken: StoredRecord[] = [];
  const until = performance.now() + deadlineMs;
  while (taken.length < count && performance.now() < until) {
    const deliveries = await subscription.receive({ recordsMax: 500, waitMsMax: 200 });
    await subscription.acknowledge(deliveries);
    taken.push(...deliveries);
  }
  return taken;
}

async function idsIn(topic: string, partitions: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let partition = 0; partition < partitions; partition++) {
    for await (const { id } of log.read({ topic, partition })) ids.push(id);
  }
  return ids.sort();
}

async function backlogOf(topic: string): Promise<number> {
  return (await log.backlog(topic, 'team')).reduce((sum, { backlog }) => sum + backlog, 0);
}

/** A process that is stopped inside a transaction keeps LMDB's write lock: then it is let go on, and stopped again. */
async function stopOutsideTransaction(child: ChildProcess): Promise<void> {
  for (;;) {
    child.kill('SIGSTOP');
    const probe = log.resetCursor('reports', 'probe', { at: 'earliest' }).then(() => 'free');
    const held = new Promise<string>((resolve) => setTimeout(resolve, 300, 'held'));
    if ((await Promise.race([probe, held])) === 'free') return;
    child.kill('SIGCONT');
    await probe;
  }
}

describe('several processes on one event log', () => {
  it('four write at once and a fifth reads from two subscriptions: every event comes exactly once', async () => {
    await log.createTopic('reports', { partitions: 8 });
    const subscriptions = await Promise.all(['one', 'other'].map((name) => subscribe('reports', name)));
    const writers = await Promise.all(Array.from({ length: 4 }, () => startClient()));
    const written = writers.map((writer, i) =>
      writer.ask('append', { topics: ['reports'], prefix: `writer-${i}`, count: 500, callers: 16 }),
    );
    const taken = await Promise.all(subscriptions.map((subscription) => take(subscription, 2_000)));
    for (const outcome of await Promise.all(written)) expect(outcome).toEqual({ stored: 500, refused: {} });
    const wanted = writers.flatMap(({ stored }) => stored).sort();
    for (const records of taken) expect(records.map(({ id }) => id).sort()).toEqual(wanted);
    expect(await idsIn('reports', 8)).toEqual(wanted);
    for (const subscription of subscriptions) {
      expect(await subscription.receive({ recordsMax: 1, waitMsMax: 50 })).toEqual([]);
    }
  });

  it('one is killed while it appends: what it was told is stored is there, and each append whole or not at all', async () => {
    await log.createTopic('public', { partitions: 4 });
    await log.createTopic('evidence', { partitions: 3 });
    const writer = await startClient();
    void writer.ask('append', { topics: ['public', 'evidence'], prefix: 'pair', count: 1e6, callers: 32 });
    await eventually(() => expect(writer.stored.length).toBeGreaterThan(500));
    const died = new Promise((resolve) => writer.child.once('exit', resolve));
    writer.child.kill('SIGKILL');
    await died;
    // A commit that the death cut short behind its last write is completed by the next writer, whoever that is.
    await log.append(['public', 'evidence'].map((topic) => ({ topic, key: 'k', id: 'after', bytes: new Uint8Array(1) })));
    const ids = await idsIn('public', 4);
    expect(await idsIn('evidence', 3)).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining([...writer.stored, 'after']));
  });

  it('one is stopped beyond its lease, and another takes over: when it goes on, it can move no cursor', async () => {
    await log.createTopic('reports', { partitions: 4 });
    await log.append(
      Array.from({ length: 100 }, (_, i) => ({ topic: 'reports', key: `key-${i}`, id: `id-${i}`, bytes: new Uint8Array(9) })),
    );
    const paused = await startClient();
    await paused.ask('subscribe', { topic: 'reports' });
    const before = await paused.ask<{ assignment: number }[]>('take', { count: 100 });
    await stopOutsideTransaction(paused.child);
    const successor = await subscribe('reports', 'team');
    await eventually(() => expect(successor.assigned()).toEqual([0, 1, 2, 3]));
    const inHand = await successor.receive({ recordsMax: 100, waitMsMax: deadlineMs });
    expect(inHand.length).toBeGreaterThan(0);

    const acknowledged = paused.ask<{ count: number }>('acknowledgeInHand');
    paused.child.kill('SIGCONT');
    expect(await acknowledged).toEqual({ count: 100 });
    // It joins again and gets its share anew, from the cursor on: nothing of what it acknowledged late has counted.
    await eventually(async () => expect(await paused.ask<number[]>('assigned')).toHaveLength(2));
    expect(await backlogOf('reports')).toBe(100);
    const share = await paused.ask<number[]>('assigned');
    const [again] = await paused.ask<{ partition: number; assignment: number }[]>('take', { count: 1 });
    expect(share).toContain(again!.partition);
    expect(again!.assignment).toBeGreaterThan(Math.max(...before.map(({ assignment }) => assignment)));
  });

  it('one is woken by the append of another within milliseconds', async () => {
    await log.createTopic('reports', { partitions: 2 });
    const subscription = await subscribe('reports', 'team');
    const writer = await startClient();
    const latenciesMs: number[] = [];
    for (let i = 0; i < 40; i++) {
      const waiting = subscription.receive({ recordsMax: 1, waitMsMax: deadlineMs }).then(async (deliveries) => {
        const receivedAt = Number(process.hrtime.bigint() / 1000n);
        await subscription.acknowledge(deliveries);
        return receivedAt;
      });
      const { storedAt } = await writer.ask<{ storedAt: number }>('appendOne', { topic: 'reports', id: `id-${i}` });
      latenciesMs.push(((await waiting) - storedAt) / 1_000);
    }
    latenciesMs.sort((a, b) => a - b);
    expect(latenciesMs[20]).toBeLessThan(50);
  });

  it('one whose disk is full is told so for each append that is not stored, and goes on', async () => {
    await log.createTopic('reports', { partitions: 2 });
    const writer = await startClient(4_000);
    const argument = { topics: ['reports'], prefix: 'big', count: 400, callers: 16, size: 40_000 };
    const outcome = await writer.ask<{ stored: number; refused: Record<string, number> }>('append', argument);
    expect(outcome.stored).toBeGreaterThan(0);
    expect(outcome.refused).toEqual({ unavailable: 400 - outcome.stored });
    expect(await idsIn('reports', 2)).toEqual([...writer.stored].sort());
    expect(await writer.ask('close')).toEqual({});
  });
});
