import type { Json } from '@ringside/core';
import {
  type ClusterAddress,
  compilePulsar,
  offloadStorage,
  type RingPolicy,
  type Setting,
  type Step,
} from '@ringside/data-ring';
import {
  type AdminCall,
  type ClusterData,
  clusters,
  createAdminCall,
  createNamespace,
  createPartitionedTopic,
  createTenant,
  type NamespacePlace,
  namespacesOf,
  offloadStorageOf,
  ownPolicies,
  partitionCount,
  partitionedTopics,
  permissionsOf,
  readCluster,
  readNamespacePolicies,
  readTenant,
  registerCluster,
  removeNamespace,
  removeOwnPolicy,
  removeTopic,
  removeTopicPermission,
  removeTopicReplication,
  replicationOf,
  runtimeConfiguration,
  setAllowedClusters,
  setNamespacePolicy,
  setPermission,
  setReplication,
  settableOf,
  topicPermissionsOf,
  topicReplication,
  unpartitionedTopics,
} from '@ringside/event-log-pulsar';

import type { LiveConfiguration, RegionAdmin, Unenforced } from './region-admin.js';

export interface PulsarAdminOptions {
  readonly policy: RingPolicy;
  readonly region: string;
  /** Origin of the admin API. */
  readonly adminUrl: string;
  /** Of a superuser; undefined where Pulsar asks for none. */
  readonly token: () => Promise<string | undefined>;
  /** Where the regions' clusters are for each other, by region. */
  readonly addresses: Readonly<Record<string, ClusterAddress>>;
}

/** The administration of a region's Pulsar. Making it does not connect. */
export function openPulsarAdmin({ policy, region, adminUrl, token, addresses }: PulsarAdminOptions): RegionAdmin {
  const call = createAdminCall({ adminUrl, token });
  return {
    region,
    part: 'event-log',
    wanted: compilePulsar(policy, region, addresses),
    readLive: () => readLive(call, policy),
    take: (step) => take(call, step),
    close: async () => undefined,
  };
}

async function readLive(call: AdminCall, policy: RingPolicy): Promise<LiveConfiguration> {
  const { tenant } = policy;
  const configuration = await runtimeConfiguration(call);
  const known = await Promise.all(
    (await clusters(call)).map(async (cluster): Promise<readonly Setting[]> => {
      const data = await readCluster(call, cluster);
      if (data === undefined) return [];
      return [{ place: { kind: 'cluster', cluster }, value: { ...addressOf(data) } }];
    }),
  );
  const found = await readTenant(call, tenant);
  const namespaces = await Promise.all(
    (await namespacesOf(call, tenant)).map((namespace) => readNamespace(call, { tenant, namespace })),
  );
  return {
    settings: [
      ...known.flat(),
      ...(found === undefined ? [] : [{ place: { kind: 'tenant', tenant }, value: found.allowedClusters } as const]),
      ...namespaces.flat(),
    ],
    unenforced: [...unenforcedBy(configuration, policy), ...beyond(found?.adminRoles ?? [])],
  };
}

async function readNamespace(call: AdminCall, at: NamespacePlace): Promise<readonly Setting[]> {
  const policies = await readNamespacePolicies(call, at);
  if (policies === undefined) return [];
  const namespace = `${at.tenant}/${at.namespace}`;
  const [partitioned, others] = await Promise.all([partitionedTopics(call, at), unpartitionedTopics(call, at)]);
  const topics = await Promise.all(
    [...partitioned, ...others].map(async (topic): Promise<readonly Setting[]> => {
      const place = { ...at, topic };
      const [partitions, own, kept] = await Promise.all([
        partitionCount(call, place),
        topicReplication(call, place),
        ownPolicies(call, place),
      ]);
      return [
        { place: { kind: 'topic', namespace, topic }, value: partitions ?? 0 },
        ...(own === undefined ? [] : [{ place: { kind: 'topic-replication', namespace, topic }, value: own } as const]),
        ...[...kept].map(([policy, value]): Setting => {
          return { place: { kind: 'topic-policy', namespace, topic, policy }, value };
        }),
      ];
    }),
  );
  const storage = offloadStorageOf(policies);
  return [
    { place: { kind: 'namespace', namespace }, value: true },
    { place: { kind: 'replication', namespace }, value: replicationOf(policies) },
    ...Object.entries(settableOf(policies)).map(([policy, value]): Setting => {
      return { place: { kind: 'policy', namespace, policy }, value };
    }),
    ...Object.entries(permissionsOf(policies)).map(([role, value]): Setting => {
      return { place: { kind: 'permission', namespace, role }, value };
    }),
    ...topicPermissionsOf(policies).map(({ topic, role, actions }): Setting => {
      return { place: { kind: 'topic-permission', namespace, topic, role }, value: actions };
    }),
    ...(storage === undefined
      ? []
      : [{ place: { kind: 'policy', namespace, policy: offloadStorage }, value: storage } as const]),
    ...topics.flat(),
  ];
}

function unenforcedBy(configuration: Readonly<Record<string, string>>, { zones }: RingPolicy): readonly Unenforced[] {
  const isAuthorized = configuration['authenticationEnabled'] === 'true' && configuration['authorizationEnabled'] === 'true';
  const mayOffload = (configuration['managedLedgerOffloadDriver'] ?? '') !== '';
  const isOffloaded = Object.values(zones).some(({ retention }) => retention.offloadBytes !== null);
  const unenforced: Unenforced[] = [];
  if (!isAuthorized) {
    const reason =
      'This Pulsar takes permissions and asks nobody for them: authenticationEnabled and authorizationEnabled are not both true.';
    unenforced.push({ kind: 'permission', isTaken: true, reason });
  }
  if (!mayOffload && isOffloaded) {
    const reason = 'This Pulsar takes the threshold and moves nothing: managedLedgerOffloadDriver names no storage.';
    unenforced.push({ kind: 'policy', policy: 'offload_threshold', isTaken: true, reason });
  }
  if (configuration['replicationStartAt'] !== 'earliest') {
    const reason =
      'A region that a namespace goes to anew, or again, does not get what was published before: replicationStartAt is not earliest.';
    unenforced.push({ kind: 'replication', isTaken: true, reason });
  }
  return unenforced;
}

/** Nobody takes the administration away from whoever has it, in passing; but an auditor is to know of it. */
const beyond = (adminRoles: readonly string[]): readonly Unenforced[] =>
  adminRoles.length === 0
    ? []
    : [
        {
          kind: 'tenant',
          isTaken: true,
          reason: `Administrators of the tenant may do everything in it, whatever the policy says: ${adminRoles.join(', ')}.`,
        },
      ];

async function take(call: AdminCall, { place, to, region }: Step): Promise<void> {
  switch (place.kind) {
    case 'cluster':
      return registerCluster(call, place.cluster, clusterDataOf(to as unknown as ClusterAddress));
    case 'tenant':
      await createTenant(call, place.tenant, to as readonly string[]);
      return setAllowedClusters(call, place.tenant, to as readonly string[]);
    case 'namespace':
      if (to === undefined) return removeNamespace(call, placeOf(place.namespace));
      // For its own region alone: it is widened when every region has it.
      return createNamespace(call, placeOf(place.namespace), {
        ...(to as Readonly<Record<string, Json>>),
        replication_clusters: [region],
      });
    case 'replication':
      return setReplication(call, placeOf(place.namespace), to as readonly string[]);
    case 'policy':
      return setNamespacePolicy(call, placeOf(place.namespace), { policy: place.policy, value: to! });
    case 'permission':
      return setPermission(call, placeOf(place.namespace), { role: place.role, actions: to as readonly string[] });
    case 'topic': {
      const topic = { ...placeOf(place.namespace), topic: place.topic };
      if (to === undefined) return removeTopic(call, topic);
      // `exists` is as good: making it in one region makes it in those that its namespace goes to as well.
      await createPartitionedTopic(call, topic, to as number);
      return;
    }
    case 'topic-policy':
      return removeOwnPolicy(call, { ...placeOf(place.namespace), topic: place.topic }, place.policy);
    case 'topic-permission':
      return removeTopicPermission(call, { ...placeOf(place.namespace), topic: place.topic }, place.role);
    case 'topic-replication':
      return removeTopicReplication(call, { ...placeOf(place.namespace), topic: place.topic });
    default:
      throw new TypeError(`Pulsar has no ${place.kind}.`);
  }
}

/** Pulsar has fields of their own for addresses under TLS, and a third that says which of them count. */
const clusterDataOf = ({ serviceUrl, brokerServiceUrl }: ClusterAddress): ClusterData =>
  brokerServiceUrl.startsWith('pulsar+ssl:')
    ? { serviceUrlTls: serviceUrl, brokerServiceUrlTls: brokerServiceUrl, brokerClientTlsEnabled: true }
    : { serviceUrl, brokerServiceUrl, brokerClientTlsEnabled: false };

const addressOf = (data: ClusterData): ClusterAddress =>
  data.brokerClientTlsEnabled === true
    ? { serviceUrl: data.serviceUrlTls ?? '', brokerServiceUrl: data.brokerServiceUrlTls ?? '' }
    : { serviceUrl: data.serviceUrl ?? '', brokerServiceUrl: data.brokerServiceUrl ?? '' };

function placeOf(name: string): NamespacePlace {
  const [tenant = '', namespace = ''] = name.split('/');
  return { tenant, namespace };
}
