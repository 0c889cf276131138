import { PartitionCountError, type TopicInfo, UnknownTopicError } from '@ringside/event-log';
import { checkOfTopic, requireWholeTopic, type LogFile, type StoredTopic } from './log-file.js';
import { partitionsMax } from './storage-key.js';

export interface Topics {
  readonly create: (topic: string, partitions: number) => Promise<void>;
  readonly list: () => readonly TopicInfo[];
  /** Throws `UnknownTopicError`. Another process may have created the topic a moment ago. */
  readonly find: (topic: string) => StoredTopic;
}

const nameBytesMax = 255;

export function openTopics(file: LogFile): Topics {
  // A topic never changes and never goes away, so what was once read stays true.
  const known = new Map<string, StoredTopic>();

  return {
    create: async (topic, partitions) => {
      if (!Number.isInteger(partitions) || partitions < 1 || partitions > partitionsMax) {
        throw new RangeError(`A topic has 1 to ${partitionsMax} partitions, not ${partitions}.`);
      }
      if (topic === '' || Buffer.byteLength(topic) > nameBytesMax) {
        throw new RangeError(`The name of a topic has 1 to ${nameBytesMax} bytes.`);
      }
      await file.environment.write(() => {
        const existing = file.topics.get(topic);
        if (existing === undefined) {
          const created = { number: file.topics.getKeysCount(), partitions };
          file.topics.put(topic, { ...created, check: checkOfTopic(topic, created) });
        } else if (existing.partitions !== partitions) throw new PartitionCountError(topic, existing.partitions, partitions);
      });
    },
    list: () => {
      file.environment.refresh();
      return file.environment.read(() =>
        [...file.topics.getRange()].map(({ key, value }) => {
          requireWholeTopic(key, value);
          return { topic: key, partitions: value.partitions };
        }),
      );
    },
    find: (topic) => {
      let stored = known.get(topic);
      if (stored !== undefined) return stored;
      file.environment.refresh();
      stored = file.environment.read(() => file.topics.get(topic));
      if (stored === undefined) throw new UnknownTopicError(topic);
      requireWholeTopic(topic, stored);
      known.set(topic, stored);
      return stored;
    },
  };
}
