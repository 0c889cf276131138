import { compileCql, type RingPolicy, type Setting, type Step } from '@ringside/data-ring';
import { type CqlAdmin, type Grants, openCqlAdmin as connect, parseCqlUrl, type Replication } from '@ringside/view-store-cql';

import type { LiveConfiguration, RegionAdmin } from './region-admin.js';

export interface CqlAdminOptions {
  readonly policy: RingPolicy;
  readonly region: string;
  /** As services have it, with a user who may make roles. */
  readonly url: string;
}

/** The administration of a region's CQL servers. Making it does not connect; throws `StartupError` for a URL that is none. */
export function openCqlAdmin({ policy, region, url }: CqlAdminOptions): RegionAdmin {
  const prefix = `${policy.tenant.replaceAll('-', '_')}_`;
  let connection: Promise<CqlAdmin> | undefined;

  async function admin(): Promise<CqlAdmin> {
    connection ??= connect(url);
    try {
      return await connection;
    } catch (error) {
      connection = undefined;
      throw error;
    }
  }

  return {
    region,
    part: 'view-store',
    wanted: compileCql(policy, region, parseCqlUrl(url, 'admin')),
    readLive: async () => readLive(await admin(), prefix, Object.keys(policy.services)),
    take: async (step) => take(await admin(), step),
    close: async () => (await connection?.catch(() => undefined))?.close(),
  };
}

async function readLive(admin: CqlAdmin, prefix: string, services: readonly string[]): Promise<LiveConfiguration> {
  const keyspaces = [...(await admin.keyspaces(prefix))].map(([keyspace, value]): Setting => {
    return { place: { kind: 'keyspace', keyspace }, value };
  });
  const [roles, grants] = [await admin.roles(), await admin.grants(prefix)];
  const [memberships, superusers] = [await admin.memberships(), await admin.superusers()];
  return {
    settings: [
      ...keyspaces,
      ...(roles.known ? roles.value : []).map((role): Setting => ({ place: { kind: 'role', role }, value: true })),
      ...(grants.known ? grants.value : []).map(({ keyspace, role, permissions }): Setting => {
        return { place: { kind: 'grant', keyspace, role }, value: permissions };
      }),
      // Those of others are theirs: what such a role may do in these keyspaces is found as its grant.
      ...(memberships.known ? memberships.value : [])
        .filter(({ role, of }) => services.includes(role) || services.includes(of))
        .map((one): Setting => ({ place: { kind: 'role-member', ...one }, value: true })),
    ],
    unenforced: [
      ...(roles.known ? [] : [{ kind: 'role', isTaken: false, reason: notAsked(roles.reason) } as const]),
      ...(superusers.known && superusers.value.length > 0
        ? [{ kind: 'grant', isTaken: true, reason: others(superusers.value) } as const]
        : []),
      ...(grants.known ? [] : [{ kind: 'grant', isTaken: false, reason: notAsked(grants.reason) } as const]),
    ],
  };
}

const others = (superusers: readonly string[]): string =>
  `Superusers may read and write every keyspace, whatever the policy says: ${superusers.join(', ')}.`;

const notAsked = (reason: string): string => `These servers let everybody in, and do everything for everybody: ${reason}.`;

async function take(admin: CqlAdmin, { place, to }: Step): Promise<void> {
  switch (place.kind) {
    case 'keyspace':
      if (to === undefined) return admin.dropKeyspace(place.keyspace);
      return admin.putKeyspace(place.keyspace, to as Replication);
    case 'role':
      return admin.createRole(place.role);
    case 'role-member':
      return admin.revokeRole(place);
    case 'grant':
      return admin.setGrants({ ...place, permissions: to as Grants['permissions'] });
    default:
      throw new TypeError(`CQL servers have no ${place.kind}.`);
  }
}
