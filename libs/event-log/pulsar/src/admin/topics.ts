import type { Json, JsonObject } from '@ringside/core';

import type { MessageId } from '../message-id.js';
import { nameInPulsar, type PartitionTopic } from '../transport.js';
import { storageIn } from './namespace-policies.js';
import type { NamespacePlace } from './namespaces.js';
import { type AdminCall, found, isForbidden } from './request.js';

export interface TopicPlace extends NamespacePlace {
  readonly topic: string;
}

const namespacePath = ({ tenant, namespace }: NamespacePlace): string =>
  `persistent/${encodeURIComponent(tenant)}/${encodeURIComponent(namespace)}`;

const topicPath = (place: TopicPlace): string => `${namespacePath(place)}/${encodeURIComponent(place.topic)}`;

export const partitionPath = (at: PartitionTopic): string => `${namespacePath(at)}/${encodeURIComponent(nameInPulsar(at))}`;

/** `persistent://tenant/namespace/topic`, as Pulsar's answers name a topic. */
export const fullName = ({ tenant, namespace }: NamespacePlace, name: string): string =>
  `persistent://${tenant}/${namespace}/${name}`;

/** A topic that is there `exists`, also for those who may not make one: in a ring services find what was made for them. */
export async function createPartitionedTopic(
  call: AdminCall,
  place: TopicPlace,
  partitions: number,
): Promise<'created' | 'exists' | 'no_namespace'> {
  try {
    const { status } = await call(`${topicPath(place)}/partitions`, { method: 'PUT', body: String(partitions) });
    return status === 409 ? 'exists' : status === 404 ? 'no_namespace' : 'created';
  } catch (error) {
    if (isForbidden(error) && (await partitionCount(call, place)) !== undefined) return 'exists';
    throw error;
  }
}

/** Number of partitions; undefined where there is no such partitioned topic. */
export async function partitionCount(call: AdminCall, place: TopicPlace): Promise<number | undefined> {
  const { status, text } = await call(`${topicPath(place)}/partitions`);
  if (status === 404) return undefined;
  const { partitions } = JSON.parse(text) as { partitions: number };
  return partitions === 0 ? undefined : partitions;
}

/** Names of the partitioned topics; none where there is no such namespace. */
export async function partitionedTopics(call: AdminCall, place: NamespacePlace): Promise<readonly string[]> {
  const { status, text } = await call(`${namespacePath(place)}/partitioned`);
  if (status === 404) return [];
  const prefix = fullName(place, '');
  return (JSON.parse(text) as string[]).map((name) => decodeURIComponent(name.slice(prefix.length)));
}

/** Topics that have no partitions and are no partition: nobody here makes such. None where there is no such namespace. */
export async function unpartitionedTopics(call: AdminCall, place: NamespacePlace): Promise<readonly string[]> {
  const { status, text } = await call(namespacePath(place));
  if (status === 404) return [];
  const prefix = fullName(place, '');
  const names = (JSON.parse(text) as string[]).map((name) => decodeURIComponent(name.slice(prefix.length)));
  return names.filter((name) => !/-partition-\d+$/.test(name));
}

/** Removes a topic with all its records, whoever uses it. Done where there is none. */
export async function removeTopic(call: AdminCall, place: TopicPlace): Promise<void> {
  const isPartitioned = (await partitionCount(call, place)) !== undefined;
  await call(`${topicPath(place)}${isPartitioned ? '/partitions' : ''}?force=true`, { method: 'DELETE' });
}

/** Clusters that somebody has set for this topic beside those of its namespace; undefined where nobody has. */
export async function topicReplication(call: AdminCall, place: TopicPlace): Promise<readonly string[] | undefined> {
  const { status, text } = await call(`${topicPath(place)}/replication?applied=false`);
  if (status === 404 || text === '' || text === 'null') return undefined;
  const clusters = JSON.parse(text) as string[];
  return clusters.length === 0 ? undefined : clusters;
}

/** The topic goes where its namespace goes. */
export async function removeTopicReplication(call: AdminCall, place: TopicPlace): Promise<void> {
  const path = `${topicPath(place)}/replication`;
  found(path, await call(path, { method: 'DELETE' }));
}

/** Policies that a topic may have for itself: how long it is kept, and where. */
export const topicPolicies = ['retention', 'messageTTL', 'offloadPolicies'] as const;

/** Those of them that somebody has set for this topic beside those of its namespace. */
export async function ownPolicies(call: AdminCall, place: TopicPlace): Promise<ReadonlyMap<string, Json>> {
  const found = await Promise.all(
    topicPolicies.map(async (policy) => {
      const { status, text } = await call(`${topicPath(place)}/${policy}?applied=false`);
      const value = status === 404 || text === '' ? null : (JSON.parse(text) as Json);
      return [policy, policy === 'offloadPolicies' ? (storageIn((value ?? {}) as JsonObject) ?? null) : value] as const;
    }),
  );
  return new Map(found.filter(([, value]) => value !== null));
}

/** The topic is kept as its namespace is. */
export async function removeOwnPolicy(call: AdminCall, place: TopicPlace, policy: string): Promise<void> {
  const path = `${topicPath(place)}/${policy}`;
  found(path, await call(path, { method: 'DELETE' }));
}

/** The role may do with the topic what it may in the namespace. Done where there was nothing else. */
export async function removeTopicPermission(call: AdminCall, place: TopicPlace, role: string): Promise<void> {
  await call(`${topicPath(place)}/permissions/${encodeURIComponent(role)}`, { method: 'DELETE' });
}

/** The newest message; undefined for a partition without any. */
export async function lastMessageId(call: AdminCall, at: PartitionTopic): Promise<MessageId | undefined> {
  const path = `${partitionPath(at)}/lastMessageId`;
  const id = JSON.parse(found(path, await call(path))) as MessageId;
  return id.entryId < 0 ? undefined : { ledgerId: id.ledgerId, entryId: id.entryId, batchIndex: id.batchIndex };
}

/** The first message that was published at or after this time, or the place where the next one will be. */
export async function messageIdAtTime(call: AdminCall, at: PartitionTopic, time: number): Promise<MessageId> {
  const path = `${partitionPath(at)}/messageid/${Math.max(0, Math.floor(time))}`;
  const { ledgerId, entryId } = JSON.parse(found(path, await call(path))) as MessageId;
  return { ledgerId, entryId, batchIndex: -1 };
}

/** How many messages an entry holds; undefined for one that is no batch, or is gone. */
export async function batchSizeAt(call: AdminCall, at: PartitionTopic, entry: MessageId): Promise<number | undefined> {
  const { status, headers } = await call(`${partitionPath(at)}/ledger/${entry.ledgerId}/entry/${entry.entryId}`);
  const size = headers.get('x-pulsar-num-batch-message');
  return status === 404 || size === null ? undefined : Number(size);
}

/** Reads the whole statistics of a topic; undefined where there is no such topic. */
export async function topicStatistics<T>(call: AdminCall, place: TopicPlace, kind: string): Promise<T | undefined> {
  const { status, text } = await call(`${topicPath(place)}/${kind}`);
  return status === 404 ? undefined : (JSON.parse(text) as T);
}
