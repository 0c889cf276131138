import { keptForever, namespacePolicies } from '@ringside/data-ring';
import { found, type AdminCall, PulsarAdminError, refusalOf } from './request.js';

/** Parts that a namespace begins with, between which brokers share its topics; they are split where one has too much. */
const bundles = { numBundles: 4 };

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
  await call(tenantPath(tenant), { method: 'PUT', body });
}

const tenantPath = (tenant: string): string => `tenants/${encodeURIComponent(tenant)}`;

export interface Tenant {
  readonly adminRoles: readonly string[];
  readonly allowedClusters: readonly string[];
}

/** Undefined where there is no such tenant. */
export async function readTenant(call: AdminCall, tenant: string): Promise<Tenant | undefined> {
  const { status, text } = await call(tenantPath(tenant));
  return status === 404 ? undefined : (JSON.parse(text) as Tenant);
}

/** Sets the clusters of a tenant that is there; its administrators stay. */
export async function setAllowedClusters(call: AdminCall, tenant: string, allowedClusters: readonly string[]): Promise<void> {
  const before = await readTenant(call, tenant);
  const body = JSON.stringify({ adminRoles: before?.adminRoles ?? [], allowedClusters });
  found(tenantPath(tenant), await call(tenantPath(tenant), { method: 'POST', body }));
}

const pathOf = ({ tenant, namespace }: NamespacePlace): string =>
  `namespaces/${encodeURIComponent(tenant)}/${encodeURIComponent(namespace)}`;

/**
 * Makes the namespace where it is missing. What is not given is as in a ring whose records are kept for ever. An existing one
 * stays as it is: it belongs to whoever made it.
 */
export async function createNamespace(call: AdminCall, place: NamespacePlace, policies: NamespacePolicies = {}): Promise<void> {
  const body = JSON.stringify({ bundles, ...namespacePolicies(keptForever), ...policies });
  const answer = await call(pathOf(place), { method: 'PUT', body });
  if (answer.status === 404) throw new PulsarAdminError(`PUT ${pathOf(place)}`, 404, refusalOf(answer.text));
}

/** Names of the tenant's namespaces, without the tenant; none where there is no such tenant. */
export async function namespacesOf(call: AdminCall, tenant: string): Promise<readonly string[]> {
  const { status, text } = await call(`namespaces/${encodeURIComponent(tenant)}`);
  return status === 404 ? [] : (JSON.parse(text) as string[]).map((name) => name.slice(tenant.length + 1));
}

/** Removes the namespace with all that is in it. Done where there is none. */
export async function removeNamespace(call: AdminCall, place: NamespacePlace): Promise<void> {
  await call(`${pathOf(place)}?force=true`, { method: 'DELETE', msMax: removeMsMax });
}

/** Every topic of it is closed and its ledgers are removed. */
const removeMsMax = 60_000;

/** Sets the clusters that the namespace's records are in. */
export async function setReplication(call: AdminCall, place: NamespacePlace, clusterNames: readonly string[]): Promise<void> {
  const path = `${pathOf(place)}/replication`;
  found(path, await call(path, { method: 'POST', body: JSON.stringify(clusterNames) }));
}

/** Lets a role do this in the namespace, and nothing else; with none it loses what it had. */
export async function setPermission(
  call: AdminCall,
  place: NamespacePlace,
  { role, actions }: { readonly role: string; readonly actions: readonly string[] },
): Promise<void> {
  const path = `${pathOf(place)}/permissions/${encodeURIComponent(role)}`;
  if (actions.length === 0) await call(path, { method: 'DELETE' });
  else found(path, await call(path, { method: 'POST', body: JSON.stringify(actions) }));
}

/** Undefined where there is no such namespace. */
export async function readNamespacePolicies(call: AdminCall, place: NamespacePlace): Promise<NamespacePolicies | undefined> {
  const { status, text } = await call(pathOf(place));
  return status === 404 ? undefined : (JSON.parse(text) as NamespacePolicies);
}
