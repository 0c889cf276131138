import type { Json, JsonObject } from '@ringside/core';

import { type NamespacePlace, type NamespacePolicies } from './namespaces.js';
import { type AdminCall, found } from './request.js';

/** How the admin API is asked to set one policy of a namespace, by the name that it has among the namespace's policies. */
const setters: Readonly<Record<string, { readonly method: 'POST' | 'PUT'; readonly path: string; readonly field?: string }>> = {
  retention_policies: { method: 'POST', path: 'retention' },
  offload_threshold: { method: 'PUT', path: 'offloadThreshold' },
  message_ttl_in_seconds: { method: 'POST', path: 'messageTTL' },
  subscription_expiration_time_minutes: { method: 'POST', path: 'subscriptionExpirationTime' },
  backlog_quota_map: {
    method: 'POST',
    path: 'backlogQuota?backlogQuotaType=destination_storage',
    field: 'destination_storage',
  },
  deduplicationEnabled: { method: 'POST', path: 'deduplication' },
  autoTopicCreationOverride: { method: 'POST', path: 'autoTopicCreation' },
  autoSubscriptionCreationOverride: { method: 'POST', path: 'autoSubscriptionCreation' },
  schema_compatibility_strategy: { method: 'PUT', path: 'schemaCompatibilityStrategy' },
  is_allow_auto_update_schema: { method: 'POST', path: 'isAllowAutoUpdateSchema' },
  schema_validation_enforced: { method: 'POST', path: 'schemaValidationEnforced' },
};

/** Policies that {@link setNamespacePolicy} can set. */
export const settablePolicies: readonly string[] = Object.keys(setters);

/** Throws `RangeError` for a policy that is not among {@link settablePolicies}. */
export async function setNamespacePolicy(
  call: AdminCall,
  { tenant, namespace }: NamespacePlace,
  { policy, value }: { readonly policy: string; readonly value: Json },
): Promise<void> {
  const setter = setters[policy];
  if (setter === undefined) throw new RangeError(`Nobody knows how to set "${policy}" of a namespace.`);
  const path = `namespaces/${encodeURIComponent(tenant)}/${encodeURIComponent(namespace)}/${setter.path}`;
  const body = JSON.stringify(setter.field === undefined ? value : (value as JsonObject)[setter.field]);
  found(path, await call(path, { method: setter.method, body }));
}

/**
 * The policies that {@link setNamespacePolicy} can set, of all that Pulsar says of a namespace; null for one that nobody has set.
 * They have the form in which they are set.
 */
export function settableOf(policies: NamespacePolicies): Readonly<Record<string, Json>> {
  return Object.fromEntries(settablePolicies.map((name) => [name, settable(name, policies)]));
}

function settable(name: string, policies: NamespacePolicies): Json {
  const value = (policies[name] ?? null) as Json;
  if (name === 'offload_threshold') {
    // Set once, it moves to where the other settings of offloading are, and the field of before says -1.
    const offload = policies['offload_policies'] as JsonObject | undefined;
    return offload?.['managedLedgerOffloadThresholdInBytes'] ?? value;
  }
  if (name !== 'backlog_quota_map') return value;
  // Pulsar repeats `limitSize` as `limit`, its name of before.
  const quotas = Object.entries((value ?? {}) as Readonly<Record<string, JsonObject>>).map(
    ([kind, { limitSize, limitTime, policy }]) => [kind, { limitSize, limitTime, policy }],
  );
  return Object.fromEntries(quotas) as JsonObject;
}

/** Who may do what in a namespace, by role. */
export function permissionsOf(policies: NamespacePolicies): Readonly<Record<string, readonly string[]>> {
  const { namespace_auth: roles } = (policies['auth_policies'] ?? {}) as {
    readonly namespace_auth?: Readonly<Record<string, readonly string[]>>;
  };
  return roles ?? {};
}

/** What a role may do with a topic, or with one partition of it, besides what it may in the namespace. */
export interface TopicPermission {
  /** Without tenant and namespace. */
  readonly topic: string;
  readonly role: string;
  readonly actions: readonly string[];
}

export function topicPermissionsOf(policies: NamespacePolicies): readonly TopicPermission[] {
  const { destination_auth: topics } = (policies['auth_policies'] ?? {}) as {
    readonly destination_auth?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  };
  return Object.entries(topics ?? {}).flatMap(([name, roles]) => {
    const topic = decodeURIComponent(name.slice(name.lastIndexOf('/') + 1));
    return Object.entries(roles).map(([role, actions]) => ({ topic, role, actions }));
  });
}

/** Where a namespace's own storage for offloaded records is, and by which driver; undefined where it is that of the brokers. */
export function offloadStorageOf(policies: NamespacePolicies): JsonObject | undefined {
  return storageIn((policies['offload_policies'] ?? {}) as JsonObject);
}

/** Of policies of offloading: what says where, without what says when. Undefined where nothing does. */
export function storageIn(offload: JsonObject): JsonObject | undefined {
  const said = Object.entries(offload).filter(
    ([name, value]) => /(?:Driver|Bucket|Region|Endpoint|URI)$/.test(name) && typeof value === 'string' && value !== '',
  );
  return said.length === 0 ? undefined : (Object.fromEntries(said) as JsonObject);
}

export const replicationOf = (policies: NamespacePolicies): readonly string[] =>
  (policies['replication_clusters'] ?? []) as readonly string[];
