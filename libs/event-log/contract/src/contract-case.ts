import { randomUUID } from 'node:crypto';
import { it } from '@jest/globals';
import type { Delivery, EventLog, NewRecord, StoredRecord, Subscription, SubscribeOptions } from '@ringside/event-log';
import type { EventLogDriver } from './describe-event-log-contract.js';

/** What a case has in hand. All that it opens is closed after it. */
export interface CaseContext {
  readonly driver: EventLogDriver;
  readonly client: () => Promise<EventLog>;
  /** Creates a topic that no other case uses. */
  readonly topic: (log: EventLog, partitions?: number) => Promise<string>;
}

export type DeclareCase = (name: string, body: (context: CaseContext) => Promise<void>, options?: CaseOptions) => void;

export interface CaseOptions {
  /** The case needs a driver that can end a client without closing it. */
  readonly abandons?: true;
}

export function contractCase(driver: EventLogDriver): DeclareCase {
  return (name, body, options) => {
    const reason =
      driver.skip ?? (options?.abandons && driver.abandon === undefined ? 'it cannot abandon a client' : undefined);
    if (reason !== undefined) {
      it.skip(`${name} (${reason})`, () => undefined);
      return;
    }
    it(name, () => withClients(driver, body), 10 * driver.deadlineMs);
  };
}

async function withClients(driver: EventLogDriver, body: (context: CaseContext) => Promise<void>): Promise<void> {
  const clients: EventLog[] = [];
  try {
    await body({
      driver,
      client: async () => {
        const log = await driver.open();
        clients.push(log);
        return log;
      },
      topic: async (log, partitions = 4) => {
        const topic = `contract-${randomUUID()}`;
        await log.createTopic(topic, { partitions });
        return topic;
      },
    });
  } finally {
    await Promise.all(clients.map((log) => log.close()));
  }
}

/** A record whose bytes say its number. */
export const numbered = (topic: string, key: string, number: number): NewRecord => ({
  topic,
  key,
  id: randomUUID(),
  bytes: Buffer.from(`record ${number}`),
});

export const numberOf = (record: StoredRecord): number => Number(Buffer.from(record.bytes).toString().split(' ')[1]);

/** Records 0 to count-1, over ten keys, appended one after the other in a few calls. */
export async function appendNumbered(log: EventLog, topic: string, count: number): Promise<readonly StoredRecord[]> {
  const records = Array.from({ length: count }, (_, i) => numbered(topic, `key-${i % 10}`, i));
  const stored: StoredRecord[] = [];
  for (let i = 0; i < count; i += 50) stored.push(...(await log.append(records.slice(i, i + 50))));
  return stored;
}

export const subscribeTo = (log: EventLog, topic: string, options: Partial<SubscribeOptions> = {}): Promise<Subscription> =>
  log.subscribe({ topic, subscription: 'team', start: { at: 'earliest' }, consumer: `consumer-${randomUUID()}`, ...options });

/** Receives until this many records are there; throws with what came where they do not come in time. */
export async function take(
  { driver }: CaseContext,
  subscription: Subscription,
  count: number,
  onBatch: (deliveries: readonly Delivery[]) => Promise<void> = async () => undefined,
): Promise<readonly Delivery[]> {
  const taken: Delivery[] = [];
  const until = performance.now() + driver.deadlineMs;
  while (taken.length < count) {
    const waitMsMax = until - performance.now();
    if (waitMsMax <= 0) throw new Error(`Only ${taken.length} of ${count} records came within ${driver.deadlineMs} ms.`);
    const deliveries = await subscription.receive({ recordsMax: Math.min(100, count - taken.length), waitMsMax });
    taken.push(...deliveries);
    await onBatch(deliveries);
  }
  return taken;
}

/** Repeats an expectation until it holds, and throws its failure where it does not hold in time. */
export async function eventually({ driver }: CaseContext, expectation: () => Promise<void> | void): Promise<void> {
  const until = performance.now() + driver.deadlineMs;
  for (;;) {
    try {
      await expectation();
      return;
    } catch (failure) {
      if (performance.now() > until) throw failure;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

export async function readAll(log: EventLog, topic: string, partitions: number): Promise<readonly StoredRecord[]> {
  const records: StoredRecord[] = [];
  for (let partition = 0; partition < partitions; partition++) {
    for await (const record of log.read({ topic, partition })) records.push(record);
  }
  return records;
}

/** The records of all partitions that are not acknowledged, as the log counts them. */
export async function backlogOf(log: EventLog, topic: string, subscription = 'team'): Promise<number> {
  const partitions = await log.backlog(topic, subscription);
  return partitions.reduce((sum, { backlog }) => sum + backlog, 0);
}

export const idsOf = (records: readonly { readonly id: string }[]): readonly string[] => records.map(({ id }) => id).sort();
