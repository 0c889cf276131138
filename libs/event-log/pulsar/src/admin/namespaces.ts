import { type AdminCall, PulsarAdminError, refusalOf } from './request.js';

/** What a namespace is set to. Nothing is left to the broker's defaults, which differ between its distributions. */
export const namespacePolicies = {
  bundles: { numBundles: 4 },
  // Every record is kept: a team that joins later reads from the earliest event. -1 is without end.
  retention_policies: { retentionTimeInMinutes: -1, retentionSizeInMB: -1 },
  message_ttl_in_seconds: 0,
  subscription_expiration_time_minutes: 0,
  // A subscription that lags is a backlog; it neither refuses producers nor loses records.
  backlog_quota_map: { destination_storage: { limitSize: -1, limitTime: -1, policy: 'producer_request_hold' } },
  // What a Pulsar client sends again after it lost its broker is stored once and in order.
  deduplicationEnabled: true,
  autoTopicCreationOverride: { allowAutoTopicCreation: false },
  autoSubscriptionCreationOverride: { allowAutoSubscriptionCreation: false },
  // Schemas are uploaded by whoever owns the contract, never by a producer in passing.
  schema_compatibility_strategy: 'FULL',
  is_allow_auto_update_schema: false,
  schema_validation_enforced: false,
} as const;

/** Policies as Pulsar gives them back; those that are not named here are passed on as they are. */
export type NamespacePolicies = Readonly<Record<string, unknown>>;

export interface NamespacePlace {
  readonly tenant: string;
  readonly namespace: string;
}

/** Clusters that this Pulsar knows, without the pseudo-cluster `global`. */
export async function clusters(call: AdminCall): Promise<readonly string[]> {
  const names = JSON.parse((await call('clusters')).text) as string[];
  return names.filter((name) => name !== 'global');
}

/** Makes the tenant where it is missing, with these clusters. An existing one stays as it is. */
export async function createTenant(call: AdminCall, tenant: string, allowedClusters: readonly string[]): Promise<void> {
  const body = JSON.stringify({ adminRoles: [], allowedClusters });
  await call(`tenants/${encodeURIComponent(tenant)}`, { method: 'PUT', body });
}

const pathOf = ({ tenant, namespace }: NamespacePlace): string =>
  `namespaces/${encodeURIComponent(tenant)}/${encodeURIComponent(namespace)}`;

/**
 * Makes the namespace where it is missing, with {@link namespacePolicies} and what is given beside them. An existing one
 * stays as it is: it belongs to whoever made it.
 */
export async function createNamespace(call: AdminCall, place: NamespacePlace, policies: NamespacePolicies = {}): Promise<void> {
  const body = JSON.stringify({ ...namespacePolicies, ...policies });
  const answer = await call(pathOf(place), { method: 'PUT', body });
  if (answer.status === 404) throw new PulsarAdminError(`PUT ${pathOf(place)}`, 404, refusalOf(answer.text));
}

/** Undefined where there is no such namespace. */
export async function readNamespacePolicies(call: AdminCall, place: NamespacePlace): Promise<NamespacePolicies | undefined> {
  const { status, text } = await call(pathOf(place));
  return status === 404 ? undefined : (JSON.parse(text) as NamespacePolicies);
}
