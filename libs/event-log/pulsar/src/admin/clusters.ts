import { type AdminCall, found } from './request.js';

/** How one Pulsar reaches another. */
export interface ClusterData {
  readonly serviceUrl?: string;
  readonly serviceUrlTls?: string;
  readonly brokerServiceUrl?: string;
  readonly brokerServiceUrlTls?: string;
  /** Whether the addresses under TLS are those that count. */
  readonly brokerClientTlsEnabled?: boolean;
}

const pathOf = (cluster: string): string => `clusters/${encodeURIComponent(cluster)}`;

/** Undefined where this Pulsar does not know such a cluster. */
export async function readCluster(call: AdminCall, cluster: string): Promise<ClusterData | undefined> {
  const { status, text } = await call(pathOf(cluster));
  return status === 404 ? undefined : (JSON.parse(text) as ClusterData);
}

/** Makes a cluster known, or its addresses others. What else is set of it, such as its certificates, stays. */
export async function registerCluster(call: AdminCall, cluster: string, data: ClusterData): Promise<void> {
  const path = pathOf(cluster);
  const { status } = await call(path, { method: 'PUT', body: JSON.stringify(data) });
  if (status !== 409) return;
  const before = await readCluster(call, cluster);
  found(path, await call(path, { method: 'POST', body: JSON.stringify({ ...before, ...data }) }));
}

/** What the broker runs with, by the names of its configuration file. */
export async function runtimeConfiguration(call: AdminCall): Promise<Readonly<Record<string, string>>> {
  const path = 'brokers/configuration/runtime';
  return JSON.parse(found(path, await call(path))) as Record<string, string>;
}
