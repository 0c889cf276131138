import { UnavailableError } from '@ringside/core';
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

/** Namespaces of a ring's zones. They are there before any service is: whoever owns the policy makes them. */
export interface RingNamespaces {
  readonly tenant: string;
  /** Names of namespaces, without the tenant, by the names of the topics in them. */
  readonly namespaces: ReadonlyMap<string, string>;
}

export interface TopicsOptions extends NamespacePlace {
  readonly call: AdminCall;
  /** Whether tenant and namespace are made where they are missing. Those of a ring never are. */
  readonly createNamespace: boolean;
  readonly ring?: RingNamespaces | undefined;
  /** What the records of a topic look like, one document for each event and version; none for a topic without a schema. */
  readonly schemasOf: (topic: string) => readonly JsonSchema[];
}

const partitionsMax = 65_535;

export function createTopics({ call, ring, createNamespace: mayCreate, schemasOf, ...own }: TopicsOptions): Topics {
  // The number of partitions never changes, so what was once read stays true.
  const known = new Map<string, PlacedTopic>();
  const namespaces: readonly NamespacePlace[] =
    ring === undefined
      ? [{ tenant: own.tenant, namespace: own.namespace }]
      : [...new Set(ring.namespaces.values())].map((namespace) => ({ tenant: ring.tenant, namespace }));

  /** Throws `UnknownTopicError` for a topic that the ring does not have here. */
  function place(topic: string): TopicPlace {
    if (ring === undefined) return { tenant: own.tenant, namespace: own.namespace, topic };
    const namespace = ring.namespaces.get(topic);
    if (namespace === undefined) throw new UnknownTopicError(topic);
    return { tenant: ring.tenant, namespace, topic };
  }

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
    const { tenant, namespace } = place(topic);
    const outcome = await createPartitionedTopic(call, place(topic), partitions);
    if (outcome === 'no_namespace') {
      if (ring !== undefined) throw notApplied(tenant, namespace);
      if (mayCreate) {
        await createTenant(call, tenant, await clusters(call));
        await createNamespace(call, { tenant, namespace });
        await createPartitionedTopic(call, place(topic), partitions);
      }
    }
    const { partitions: existing } = await find(topic);
    if (existing !== partitions) throw new PartitionCountError(topic, existing, partitions);
    const documents = schemasOf(topic);
    if (documents.length > 0) await uploadSchema(call, place(topic), registrySchema(documents).schema);
  }

  async function topicsIn(namespace: NamespacePlace): Promise<readonly TopicInfo[]> {
    const names = await partitionedTopics(call, namespace);
    // What lies in a zone's namespace and is not of the zone is no topic of this log.
    const own = ring === undefined ? names : names.filter((topic) => ring.namespaces.get(topic) === namespace.namespace);
    const counts = await Promise.all(own.map((topic) => partitionCount(call, { ...namespace, topic })));
    return own.flatMap((topic, index) => {
      const partitions = counts[index];
      return partitions === undefined ? [] : [{ topic, partitions }]; // it was removed meanwhile
    });
  }

  return {
    create,
    find,
    known: (topic) => known.get(topic),
    list: async () => {
      const found = await Promise.all(namespaces.map((namespace) => topicsIn(namespace)));
      return found.flat();
    },
  };
}

/** A service does not make the borders that it has to keep to. It tries again by itself: nobody has to start it anew. */
const notApplied = (tenant: string, namespace: string): UnavailableError =>
  new UnavailableError(
    'event-log',
    `Pulsar has no namespace ${tenant}/${namespace}, which the ring's policy wants: make it by npm run ring -- apply.`,
  );
