import type { Json } from '@ringside/core';

/** One thing that a server of a region is set to. A namespace is `tenant/name`. */
export type Place =
  /** Another region's Pulsar, as this one knows it: its addresses. */
  | { readonly kind: 'cluster'; readonly cluster: string }
  /** Regions that the tenant's data may be in. */
  | { readonly kind: 'tenant'; readonly tenant: string }
  | { readonly kind: 'namespace'; readonly namespace: string }
  /** Regions that the namespace's records are replicated to, this one too. */
  | { readonly kind: 'replication'; readonly namespace: string }
  /** A policy of the namespace, by the name that Pulsar has for it. */
  | { readonly kind: 'policy'; readonly namespace: string; readonly policy: string }
  /** What a role may do in the namespace: `consume`, `produce`. */
  | { readonly kind: 'permission'; readonly namespace: string; readonly role: string }
  /** Number of partitions. */
  | { readonly kind: 'topic'; readonly namespace: string; readonly topic: string }
  /** Regions of one topic, where somebody has set them beside those of its namespace. */
  | { readonly kind: 'topic-replication'; readonly namespace: string; readonly topic: string }
  /** A policy of one topic, where somebody has set it beside that of its namespace, by the name of its path in the admin API. */
  | { readonly kind: 'topic-policy'; readonly namespace: string; readonly topic: string; readonly policy: string }
  /** What a role may do with one topic, or one partition of it, besides what it may in the namespace. */
  | { readonly kind: 'topic-permission'; readonly namespace: string; readonly topic: string; readonly role: string }
  /** Replicas by data centre. */
  | { readonly kind: 'keyspace'; readonly keyspace: string }
  | { readonly kind: 'role'; readonly role: string }
  /** A role that may do all that another one may. */
  | { readonly kind: 'role-member'; readonly role: string; readonly of: string }
  /** What a role may do in the keyspace, in CQL's words. */
  | { readonly kind: 'grant'; readonly keyspace: string; readonly role: string };

/** A policy of namespaces that the ring never sets: a storage of the namespace's own, that offloaded records go to. */
export const offloadStorage = 'offload_storage';

export type PlaceKind = Place['kind'];

/** What is there now. What is not listed is not there. */
export interface Setting {
  readonly place: Place;
  readonly value: Json;
}

/** What the policy wants to be there. */
export interface WantedSetting extends Setting {
  /** What asks for it: a path within the policy, such as `zones.casework.routes.eu`, or `always: ` and the reason. */
  readonly rule: string;
}

/** The place as one line, which is different for every place of a region. */
export function textOfPlace(place: Place): string {
  switch (place.kind) {
    case 'cluster':
      return `cluster ${place.cluster}`;
    case 'tenant':
      return `tenant ${place.tenant}: allowed clusters`;
    case 'namespace':
      return `namespace ${place.namespace}`;
    case 'replication':
      return `namespace ${place.namespace}: replication`;
    case 'policy':
      return `namespace ${place.namespace}: ${place.policy}`;
    case 'permission':
      return `namespace ${place.namespace}: permissions of ${place.role}`;
    case 'topic':
      return `topic ${place.namespace}/${place.topic}`;
    case 'topic-replication':
      return `topic ${place.namespace}/${place.topic}: replication`;
    case 'topic-policy':
      return `topic ${place.namespace}/${place.topic}: ${place.policy}`;
    case 'topic-permission':
      return `topic ${place.namespace}/${place.topic}: permissions of ${place.role}`;
    case 'keyspace':
      return `keyspace ${place.keyspace}`;
    case 'role':
      return `role ${place.role}`;
    case 'role-member':
      return `role ${place.role}: member of ${place.of}`;
    case 'grant':
      return `keyspace ${place.keyspace}: grants to ${place.role}`;
  }
}
