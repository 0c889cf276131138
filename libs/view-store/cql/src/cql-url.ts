import { StartupError } from '@ringside/core';

/** Where the two servers are told apart: in DDL, and nowhere else. */
export type Dialect = 'scylla' | 'cassandra';

export interface CqlSettings {
  /** `host:port`. */
  readonly contactPoints: readonly string[];
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
  readonly keyspace: string;
  readonly dialect: Dialect;
  /** The data center of this region: the only one that is ever asked. */
  readonly datacenter: string;
  /** How many nodes of it keep each partition. */
  readonly replication: number;
  readonly tls: boolean;
}

const form =
  'cql://[user:password@]host[:port][,host[:port]]/[keyspace prefix][?dialect=scylla|cassandra&datacenter=…&replication=…&tls=…]';
const defaultPort = 9042;
const keyspaceBytesMax = 48;
const replicationMax = 9;
const parameters = ['dialect', 'datacenter', 'replication', 'tls'] as const;

/**
 * Reads `cql://…`. What is left out: port 9042, the prefix `ringside`, dialect `scylla`, data center `datacenter1`, three
 * replicas, no TLS. Throws {@link StartupError}; its message names what is wrong and never the password.
 *
 * @param name the service: its keyspace is `prefix_name`.
 */
export function parseCqlUrl(url: string, name: string): CqlSettings {
  // Not `new URL`: that knows no list of hosts.
  const parts = /^cql:\/\/(?:(?<user>[^@/?#]*)@)?(?<hosts>[^@/?#]+)(?:\/(?<prefix>[^?#]*))?(?:\?(?<query>[^#]*))?$/.exec(url);
  if (parts === null) throw refused(`is not of the form ${form}`);
  const { user, hosts, prefix, query } = parts.groups as Record<string, string | undefined>;
  const given = new URLSearchParams(query);
  for (const key of given.keys()) {
    if (!(parameters as readonly string[]).includes(key)) {
      throw refused(`has the parameter "${key}"; there are ${parameters.join(', ')}`);
    }
    if (given.getAll(key).length > 1) throw refused(`has the parameter "${key}" twice`);
  }
  return {
    contactPoints: hosts!.split(',').map(contactPoint),
    credentials: user === undefined ? undefined : credentialsOf(user),
    keyspace: keyspaceOf(prefix || 'ringside', name),
    dialect: oneOf('dialect', given.get('dialect') ?? 'scylla', ['scylla', 'cassandra']),
    datacenter: datacenterOf(given.get('datacenter') ?? 'datacenter1'),
    replication: replicationOf(given.get('replication') ?? '3'),
    tls: oneOf('tls', given.get('tls') ?? 'false', ['true', 'false']) === 'true',
  };
}

const refused = (what: string): StartupError => new StartupError(`RINGSIDE_VIEW_STORE ${what}.`);

function contactPoint(host: string): string {
  const parts = /^(?<name>[\w.-]+|\[[\da-fA-F:.]+\])(?::(?<port>\d{1,5}))?$/.exec(host)?.groups;
  const port = Number(parts?.['port'] ?? defaultPort);
  if (parts === undefined || port < 1 || port > 65_535) throw refused(`names "${host}", which is no host, or host:port`);
  return `${parts['name']}:${port}`;
}

function credentialsOf(user: string): CqlSettings['credentials'] {
  const colon = user.indexOf(':');
  if (colon < 1) throw refused('has a user without a password: write user:password@');
  try {
    const [username, password] = [user.slice(0, colon), user.slice(colon + 1)].map(decodeURIComponent);
    return { username: username!, password: password! };
  } catch {
    throw refused('has a user or a password that is not percent-encoded as it should be');
  }
}

function keyspaceOf(prefix: string, name: string): string {
  if (!/^[a-z][a-z0-9_]*$/.test(prefix)) {
    throw refused(`has the keyspace prefix "${prefix}": lower-case letters, digits and _, a letter first`);
  }
  const keyspace = `${prefix}_${name.replaceAll('-', '_')}`;
  if (!/^[a-z][a-z0-9_]*$/.test(keyspace) || keyspace.length > keyspaceBytesMax) {
    throw refused(
      `leads to the keyspace "${keyspace}", which is no name for one (at most ${keyspaceBytesMax} letters, digits, _)`,
    );
  }
  return keyspace;
}

function oneOf<const T extends string>(parameter: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw refused(`has ${parameter}=${value}: choose one of ${allowed.join(', ')}`);
  return found;
}

function datacenterOf(value: string): string {
  if (/^[\w.-]+$/.test(value)) return value;
  throw refused(`has datacenter=${value}: letters, digits, _, - and . are allowed`);
}

function replicationOf(value: string): number {
  const replication = Number(value);
  if (/^\d$/.test(value) && replication >= 1) return replication;
  throw refused(`has replication=${value}: 1 to ${replicationMax} replicas are allowed`);
}
