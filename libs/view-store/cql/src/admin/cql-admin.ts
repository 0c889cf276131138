import { UnavailableError } from '@ringside/core';
import cassandra from 'cassandra-driver';

import { closeClient, cqlClient } from '../cql-client.js';
import { reasonOf } from '../cql-errors.js';
import { type CqlSettings, parseCqlUrl } from '../cql-url.js';
import { tabletsOf } from '../ddl.js';
import { openSession, type Session } from '../session.js';

/** Replicas by data centre. */
export type Replication = Readonly<Record<string, number>>;

export interface Grants {
  readonly keyspace: string;
  readonly role: string;
  /** In CQL's words: `SELECT`, `MODIFY`. */
  readonly permissions: readonly string[];
}

export interface Membership {
  readonly role: string;
  /** The role that it has been given. */
  readonly of: string;
}

/** Why roles and grants cannot be had from these servers. */
export type RolesAnswer<T> = { readonly known: true; readonly value: T } | { readonly known: false; readonly reason: string };

/** Keyspaces, roles and grants of one region's servers. Calls reject with `UnavailableError` where trying again may help. */
export interface CqlAdmin {
  /** The data centre and the number of replicas that the URL names. */
  readonly place: { readonly datacenter: string; readonly replication: number };
  /** Replication of the keyspaces whose name begins with this. */
  keyspaces(prefix: string): Promise<ReadonlyMap<string, Replication>>;
  /** Makes it, or sets its replication where it is there. */
  putKeyspace(keyspace: string, replication: Replication): Promise<void>;
  /** Removes it with all that is in it. Done where there is none. */
  dropKeyspace(keyspace: string): Promise<void>;
  roles(): Promise<RolesAnswer<readonly string[]>>;
  /** Which role has been given which other, and may by that do all that the other may. */
  memberships(): Promise<RolesAnswer<readonly Membership[]>>;
  /** Takes a role away from another. */
  revokeRole(membership: Membership): Promise<void>;
  /** Roles that may do everything, without the user of the URL. */
  superusers(): Promise<RolesAnswer<readonly string[]>>;
  /** May log in, once somebody has given it a password. Done where it is there. */
  createRole(role: string): Promise<void>;
  /**
   * What roles may do in the keyspaces whose name begins with this, or in all of them (`*`). Superusers and the user of the URL may
   * do everything, and are not listed.
   */
  grants(prefix: string): Promise<RolesAnswer<readonly Grants[]>>;
  /** Lets the role do this in the keyspace, and nothing else. */
  setGrants(grants: Grants): Promise<void>;
  close(): Promise<void>;
}

/**
 * Connects as the user of the URL, which is that of a service: `parseCqlUrl` says what it holds. Rejects with `UnavailableError`
 * where no node answers, and with `StartupError` for a URL that is none.
 */
export async function openCqlAdmin(url: string): Promise<CqlAdmin> {
  const settings = parseCqlUrl(url, 'admin');
  const client = cqlClient(settings);
  try {
    await client.connect();
  } catch (error) {
    await closeClient(client);
    throw new UnavailableError(
      'view-store',
      `The CQL servers at ${settings.contactPoints.join(', ')} do not answer: ${reasonOf(error)}`,
      {
        cause: error,
      },
    );
  }
  return adminOver(
    settings,
    openSession(() => client),
    () => closeClient(client),
  );
}

type AdminSession = Pick<Session, 'read' | 'define'>;

/** For specs: over a session that is there. */
export function adminOver(settings: CqlSettings, session: AdminSession, close: () => Promise<void>): CqlAdmin {
  const { datacenter, replication, dialect } = settings;

  /** Every permission that a role has within these keyspaces, or on all keyspaces at once. */
  async function permissions(prefix: string): Promise<readonly Permission[]> {
    const rows = await session.read({ query: 'LIST ALL PERMISSIONS', params: [] });
    const exempt = await superusersOf(session);
    const all = rows.flatMap((row): readonly Permission[] => {
      const at = resourceIn(row.get('resource') as string);
      const isWithin = at !== undefined && (at.keyspace === allKeyspaces || at.keyspace.startsWith(prefix));
      return isWithin ? [{ ...at, role: row.get('role') as string, permission: row.get('permission') as string }] : [];
    });
    // Whoever connects here sets it all up, superuser or not.
    const others = all.filter(({ role }) => !exempt.has(role) && role !== settings.credentials?.username);
    return others.filter(({ permission, isTable }) => !(isTable && ofMakers.includes(permission)));
  }

  async function grantsWithin(prefix: string): Promise<readonly Grants[]> {
    const all = new Map<string, { keyspace: string; role: string; permissions: string[] }>();
    for (const { keyspace, role, permission } of await permissions(prefix)) {
      const key = `${keyspace}\0${role}`;
      const known = all.get(key) ?? { keyspace, role, permissions: [] };
      if (!known.permissions.includes(permission)) known.permissions.push(permission);
      all.set(key, known);
    }
    return [...all.values()];
  }

  return {
    place: { datacenter, replication },
    keyspaces: async (prefix) => {
      const rows = await session.read({ query: 'SELECT keyspace_name, replication FROM system_schema.keyspaces', params: [] });
      const all = rows.map((row) => [row.get('keyspace_name') as string, replicationIn(row.get('replication'))] as const);
      return new Map(all.filter(([name]) => name.startsWith(prefix)));
    },
    putKeyspace: async (keyspace, wanted) => {
      const by = `{'class': 'NetworkTopologyStrategy', ${Object.entries(wanted)
        .map(([name, count]) => `${text(name)}: ${count}`)
        .join(', ')}}`;
      await session.define(
        `CREATE KEYSPACE IF NOT EXISTS ${identifier(keyspace)} WITH replication = ${by} AND durable_writes = true${tabletsOf(dialect)}`,
      );
      await session.define(`ALTER KEYSPACE ${identifier(keyspace)} WITH replication = ${by}`);
    },
    dropKeyspace: (keyspace) => session.define(`DROP KEYSPACE IF EXISTS ${identifier(keyspace)}`),
    roles: () =>
      answered(async () => {
        const rows = await session.read({ query: 'LIST ROLES', params: [] });
        return rows.map((row) => row.get('role') as string);
      }),
    memberships: () =>
      answered(async () => {
        const rows = await session.read({ query: 'LIST ROLES', params: [] });
        const roles = rows.map((row) => row.get('role') as string);
        const given = await Promise.all(
          roles.map(async (role) => {
            // The role itself is in the list as well.
            const list = await session.read({ query: `LIST ROLES OF ${identifier(role)} NORECURSIVE`, params: [] });
            return list.map((row) => ({ role, of: row.get('role') as string }));
          }),
        );
        return given.flat().filter(({ role, of }) => role !== of);
      }),
    revokeRole: ({ role, of }) => session.define(`REVOKE ${identifier(of)} FROM ${identifier(role)}`),
    superusers: () =>
      answered(async () => [...(await superusersOf(session))].filter((role) => role !== settings.credentials?.username)),
    createRole: (role) => session.define(`CREATE ROLE IF NOT EXISTS ${identifier(role)} WITH LOGIN = true`),
    grants: (prefix) => answered(() => grantsWithin(prefix)),
    setGrants: async ({ keyspace, role, permissions: wanted }) => {
      const now = (await permissions(keyspace)).filter((one) => one.keyspace === keyspace && one.role === role);
      for (const { permission, resource } of now.filter((one) => !wanted.includes(one.permission))) {
        await session.define(`REVOKE ${permission} ON ${resource} FROM ${identifier(role)}`);
      }
      const onKeyspace = now.filter(({ isTable }) => !isTable).map(({ permission }) => permission);
      for (const permission of wanted.filter((one) => !onKeyspace.includes(one))) {
        await session.define(`GRANT ${permission} ON KEYSPACE ${identifier(keyspace)} TO ${identifier(role)}`);
      }
    },
    close,
  };
}

/** Whoever makes a table has these on it besides. Taking them away would last until the next table, and none of them reads a row. */
const ofMakers: readonly string[] = ['AUTHORIZE', 'UNMASK', 'SELECT_MASKED'];

/** Stands for every keyspace where a name of one would. */
export const allKeyspaces = '*';

interface Resource {
  readonly keyspace: string;
  readonly isTable: boolean;
  /** As REVOKE has it. */
  readonly resource: string;
}

interface Permission extends Resource {
  readonly role: string;
  readonly permission: string;
}

/** From `<keyspace name>`, `<table name.of>`, `<all tables in name>` or `<all keyspaces>`; undefined for what holds no rows. */
function resourceIn(said: string): Resource | undefined {
  if (said === '<all keyspaces>') return { keyspace: allKeyspaces, isTable: false, resource: 'ALL KEYSPACES' };
  const [, kind, keyspace, table] = /^<(keyspace|table|all tables in) ([^.>]+)(?:\.([^>]+))?>$/.exec(said) ?? [];
  if (keyspace === undefined) return undefined;
  if (kind === 'keyspace') return { keyspace, isTable: false, resource: `KEYSPACE ${identifier(keyspace)}` };
  if (table === undefined) return { keyspace, isTable: true, resource: `ALL TABLES IN KEYSPACE ${identifier(keyspace)}` };
  return { keyspace, isTable: true, resource: `TABLE ${identifier(keyspace)}.${identifier(table)}` };
}

const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

async function superusersOf(session: AdminSession): Promise<ReadonlySet<string>> {
  const rows = await session.read({ query: 'LIST ROLES', params: [] });
  return new Set(rows.filter((row) => row.get('super') === true).map((row) => row.get('role') as string));
}

/** A server that authenticates nobody, or authorizes everybody, refuses to say who may do what. */
async function answered<T>(ask: () => Promise<T>): Promise<RolesAnswer<T>> {
  try {
    return { known: true, value: await ask() };
  } catch (error) {
    if (!(error instanceof cassandra.errors.ResponseError)) throw error;
    return { known: false, reason: error.message };
  }
}

function replicationIn(value: unknown): Replication {
  const entries = value instanceof Map ? [...(value as Map<string, string>)] : Object.entries(value as Record<string, string>);
  const counts = entries.filter(([key]) => key !== 'class').map(([key, count]) => [key, Number(count)] as const);
  return Object.fromEntries(counts);
}
