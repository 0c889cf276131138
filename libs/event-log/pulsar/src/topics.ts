import { PartitionCountError, type TopicInfo, UnknownTopicError } from '@ringside/event-log';
import { clusters, createNamespace, createTenant, type NamespacePlace } from './admin/namespaces.js';
import type { AdminCall } from './admin/request.js';
import { type JsonSchema, registrySchema, uploadSchema } from './admin/schemas.js';
import { createPartitionedTopic, partitionCount, partitionedTopics, type TopicPlace } from './admin/topics.js';

/** A topic whose partitions are known. */
export interface PlacedTopic extends TopicPlace {
  readonly partitions: number;
}

export interface Topics {
  readonly create: (topic: string, partitions: number) => Promise<void>;
  readonly list: () => Promise<readonly TopicInfo[]>;
  /** Throws `UnknownTopicError`. */
  readonly find: (topic: string) => Promise<PlacedTopic>;
  /** The same without waiting; undefined where it has not been looked up yet. */
  readonly known: (topic: string) => PlacedTopic | undefined;
}

export interface TopicsOptions extends NamespacePlace {
  readonly call: AdminCall;
  /** Whether tenant and namespace are made where they are missing. */
  readonly createNamespace: boolean;
  /** What the records of a topic look like, one document for each event and version; none for a topic without a schema. */
  readonly schemasOf: (topic: string) => readonly JsonSchema[];
}

const partitionsMax = 65_535;

export function createTopics({ call, tenant, namespace, createNamespace: mayCreate, schemasOf }: TopicsOptions): Topics {
  // The number of partitions never changes, so what was once read stays true.
  const known = new Map<string, PlacedTopic>();
  const place = (topic: string): TopicPlace => ({ tenant, namespace, topic });

  async function find(topic: string): Promise<PlacedTopic> {
    const before = known.get(topic);
    if (before !== undefined) return before;
    const partitions = await partitionCount(call, place(topic));
    if (partitions === undefined) throw new UnknownTopicError(topic);
    const placed = { ...place(topic), partitions };
    known.set(topic, placed);
    return placed;
  }

  async function create(topic: string, partitions: number): Promise<void> {
    if (!Number.isInteger(partitions) || partitions < 1 || partitions > partitionsMax) {
      throw new RangeError(`A topic has 1 to ${partitionsMax} partitions, not ${partitions}.`);
    }
    let outcome = await createPartitionedTopic(call, place(topic), partitions);
    if (outcome === 'no_namespace' && mayCreate) {
      await createTenant(call, tenant, await clusters(call));
      await createNamespace(call, { tenant, namespace });
      outcome = await createPartitionedTopic(call, place(topic), partitions);
    }
    const { partitions: existing } = await find(topic);
    if (existing !== partitions) throw new PartitionCountError(topic, existing, partitions);
    const documents = schemasOf(topic);
    if (documents.length > 0) await uploadSchema(call, place(topic), registrySchema(documents).schema);
  }

  return {
    create,
    find,
    known: (topic) => known.get(topic),
    list: async () => {
      const names = await partitionedTopics(call, { tenant, namespace });
      const counts = await Promise.all(names.map((topic) => partitionCount(call, place(topic))));
      return names.flatMap((topic, index) => {
        const partitions = counts[index];
        return partitions === undefined ? [] : [{ topic, partitions }]; // it was removed meanwhile
      });
    },
  };
}
