import {
  UnknownTopicError,
  type EventLog,
  type NewRecord,
  type ReadOptions,
  type Start,
  type StoredRecord,
} from '@ringside/event-log';

import type { SimulatedProcess } from '../world/process.js';
import { countUpTo, positionAt, type LogContent, type TopicContent } from './log-content.js';
import { SimulatedSubscription } from './simulated-subscription.js';
import { SubscriptionContent } from './subscription-content.js';

const readRecordsMax = 200;

/** A process's client of a region's log. */
export function simulatedLog(content: LogContent, process: SimulatedProcess): EventLog {
  const { world } = content;
  const call = <T>(label: string, answer: () => T, parts: readonly (() => void)[] = []): Promise<T> =>
    world.call({ process, dependency: 'event-log', label, answer, parts, away: () => content.away });
  const topicOf = (name: string): TopicContent => {
    const topic = content.topics.get(name);
    if (topic === undefined) throw new UnknownTopicError(name);
    return topic;
  };
  const startOf = (start: Start, records: readonly StoredRecord[]): number => {
    if (start.at === 'earliest') return 0;
    if (start.at === 'latest') return records.length;
    if (start.at === 'after') return countUpTo(start.position);
    const first = records.findIndex(({ appendedAt }) => appendedAt >= start.time);
    return first === -1 ? records.length : first;
  };

  return {
    driver: 'simulated',
    capabilities: { atomicAppend: content.atomicAppend, recordBytesMax: 1_048_576, shared: 'network' },
    createTopic: (topic) => call(`${topic} create`, () => undefined, [() => content.createTopic(topic)]),
    topics: () =>
      call('topics', () => [...content.topics.values()].map((one) => ({ topic: one.name, partitions: one.partitions.length }))),
    append: async (records) => {
      for (const { topic } of records) topicOf(topic);
      const stored = new Map<NewRecord, StoredRecord>();
      const add = (record: NewRecord) => (): void => void stored.set(record, content.add(record));
      const label = `append ${records.map(({ topic, id }) => `${topic}/${id.slice(-4)}`).join(' ')}`;
      const parts = content.atomicAppend ? [() => records.forEach((one) => add(one)())] : inAnOrder(content, records).map(add);
      return call(label, () => records.map((record) => stored.get(record)!), parts);
    },
    subscribe: (options) => {
      const topic = topicOf(options.topic);
      const { subscription: name, start } = options;
      const join = (): void => {
        const known = topic.subscriptions.get(name);
        if (known === undefined) {
          topic.subscriptions.set(name, new SubscriptionContent(world, topic.partitions, start.at === 'latest'));
        }
      };
      const open = () => new SimulatedSubscription(content, topic.subscriptions.get(name)!, process, options);
      return call(`${options.topic} subscribe`, () => undefined, [join]).then(open);
    },
    read: (options) => readFrom(topicOf(options.topic), options, call),
    heads: (name) => {
      const topic = topicOf(name);
      return call(`${name} heads`, () =>
        topic.partitions.map((records, partition) => ({ partition, head: records.at(-1)?.position ?? null })),
      );
    },
    backlog: (name, subscription) => {
      const topic = topicOf(name);
      return call(`${name} backlog`, () =>
        (topic.subscriptions.get(subscription)?.cursors ?? []).map((cursor, partition) => ({
          partition,
          cursor: cursor === 0 ? null : positionAt(cursor - 1),
          backlog: topic.partitions[partition]!.length - cursor,
          oldestAppendedAt: topic.partitions[partition]![cursor]?.appendedAt ?? null,
        })),
      );
    },
    resetCursor: (name, subscription, to) => {
      const topic = topicOf(name);
      const reset = (): void => {
        const found = topic.subscriptions.get(subscription);
        topic.partitions.forEach((records, partition) => {
          if (to.at === 'after' && to.partition !== partition) return;
          found?.reset(partition, startOf(to, records));
        });
      };
      return call(`${name} reset`, () => undefined, [reset]);
    },
    health: () => call('health', () => ({ status: 'up' })),
    close: () => Promise.resolve(),
  };
}

/** Partitions take their records one beside the other; each takes its own in order. */
function inAnOrder(content: LogContent, records: readonly NewRecord[]): readonly NewRecord[] {
  const byPartition = new Map<string, NewRecord[]>();
  for (const record of records) {
    const name = `${record.topic}/${content.partitionOf(record.key)}`;
    byPartition.set(name, [...(byPartition.get(name) ?? []), record]);
  }
  const waiting = [...byPartition.values()];
  const order: NewRecord[] = [];
  while (waiting.length > 0) {
    const i = content.world.random.below(waiting.length);
    order.push(waiting[i]!.shift()!);
    if (waiting[i]!.length === 0) waiting.splice(i, 1);
  }
  return order;
}

async function* readFrom(
  topic: TopicContent,
  { partition, after, from, since }: ReadOptions,
  call: <T>(label: string, answer: () => T) => Promise<T>,
): AsyncIterable<StoredRecord> {
  const records = topic.partitions[partition] ?? [];
  const first = records.findIndex(({ appendedAt }) => appendedAt >= (since ?? 0));
  let next =
    after !== undefined ? countUpTo(after) : from !== undefined ? countUpTo(from) - 1 : first === -1 ? records.length : first;
  let head: number | undefined;
  for (;;) {
    const page = await call(`${topic.name} read`, () => {
      head ??= records.length;
      return records.slice(next, Math.min(head, next + readRecordsMax));
    });
    if (page.length === 0) return;
    next += page.length;
    yield* page;
  }
}
