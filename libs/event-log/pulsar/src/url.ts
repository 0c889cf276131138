import { readFile } from 'node:fs/promises';
import { StartupError } from '@ringside/core';

/** Where a Pulsar is and how to use it, from a URL. */
export interface PulsarAddress {
  readonly transport: 'native' | 'websocket';
  /** `pulsar://host:6650` or `ws://host:8080`, `pulsar+ssl:` or `wss:` under TLS. */
  readonly serviceUrl: string;
  /** Origin of the admin REST API, without a path. */
  readonly adminUrl: string;
  readonly tenant: string;
  readonly namespace: string;
  /** Whether tenant and namespace are made where they are missing. */
  readonly createNamespace: boolean;
  readonly replicateSubscriptions: boolean;
  /** Reads the token anew, so that one in a file can be replaced while the process runs; undefined without one. */
  readonly token: () => Promise<string | undefined>;
  /** Certificates that the native client trusts. Everything else trusts those of Node (NODE_EXTRA_CA_CERTS). */
  readonly trustCertsFile: string | undefined;
}

const schemes = {
  'pulsar:': { transport: 'native', service: 'pulsar:', admin: 'http:', port: 6650, adminPort: 8080 },
  'pulsar+ssl:': { transport: 'native', service: 'pulsar+ssl:', admin: 'https:', port: 6651, adminPort: 8443 },
  'pulsar+ws:': { transport: 'websocket', service: 'ws:', admin: 'http:', port: 8080, adminPort: undefined },
  'pulsar+wss:': { transport: 'websocket', service: 'wss:', admin: 'https:', port: 8443, adminPort: undefined },
} as const;

const parameters = ['admin', 'token', 'tokenFile', 'trustCertsFile', 'createNamespace', 'replicateSubscriptions'];

/**
 * `pulsar+ws://host:8080/tenant/namespace?tokenFile=/run/secrets/pulsar`. Schemes: `pulsar`, `pulsar+ssl` (native client),
 * `pulsar+ws`, `pulsar+wss` (WebSocket). Tenant and namespace are `ringside/global` where absent. Parameters:
 * - `admin`: origin of the admin API; the WebSocket's own, or port 8080 (8443 under TLS) of the native host, where absent;
 * - `token` or `tokenFile`; `trustCertsFile` (native only);
 * - `createNamespace=false`: tenant and namespace are somebody else's to make;
 * - `replicateSubscriptions=true`: cursors travel to the other regions (native only).
 *
 * Throws {@link StartupError} that names what is wrong, never the token.
 */
export function parsePulsarUrl(text: string): PulsarAddress {
  const scheme = Object.entries(schemes).find(([name]) => text.startsWith(`${name}//`));
  if (scheme === undefined) throw wrong(`a Pulsar URL begins with ${Object.keys(schemes).join('//, ')}//`);
  const [name, { transport, service, admin, port, adminPort }] = scheme;
  // URL knows neither scheme; as http: it checks host and port.
  const url = parse(`http:${text.slice(name.length)}`);
  const explicitPort = url.port === '' ? portBefore(text, name) : Number(url.port);
  if (url.username !== '' || url.password !== '') throw wrong('it has a user: a token goes into ?tokenFile=');
  for (const key of url.searchParams.keys()) {
    if (!parameters.includes(key)) throw wrong(`it has a parameter "${key}": there are ${parameters.join(', ')}`);
  }
  const [tenant = 'ringside', namespace = 'global', ...more] = url.pathname.split('/').filter((part) => part !== '');
  if (more.length > 0) throw wrong('its path is more than /tenant/namespace');
  const servicePort = explicitPort ?? port;
  const replicateSubscriptions = flag(url, 'replicateSubscriptions', false);
  const trustCertsFile = url.searchParams.get('trustCertsFile') ?? undefined;
  if (transport === 'websocket' && replicateSubscriptions)
    throw wrong('replicateSubscriptions works with the native client only');
  if (transport === 'websocket' && trustCertsFile !== undefined) {
    throw wrong('trustCertsFile is for the native client: set NODE_EXTRA_CA_CERTS instead');
  }
  return {
    transport,
    serviceUrl: `${service}//${url.hostname}:${servicePort}`,
    adminUrl: adminOrigin(url.searchParams.get('admin')) ?? `${admin}//${url.hostname}:${adminPort ?? servicePort}`,
    tenant,
    namespace,
    createNamespace: flag(url, 'createNamespace', true),
    replicateSubscriptions,
    token: tokenSource(url.searchParams.get('token'), url.searchParams.get('tokenFile')),
    trustCertsFile,
  };
}

function parse(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw wrong('it has no host, or a port that is none');
  }
}

/** `URL` drops port 80 of http:, which then was meant. */
const portBefore = (text: string, scheme: string): number | undefined =>
  /^\/\/[^/?#]*:80(?:[/?#]|$)/.test(text.slice(scheme.length)) ? 80 : undefined;

function adminOrigin(text: string | null): string | undefined {
  if (text === null) return undefined;
  if (!/^https?:\/\/[^/]+\/?$/.test(text)) throw wrong('admin is not an http(s) origin');
  return parse(text).origin;
}

function flag(url: URL, name: string, otherwise: boolean): boolean {
  const text = url.searchParams.get(name);
  if (text === null) return otherwise;
  if (text !== 'true' && text !== 'false') throw wrong(`${name} is neither true nor false`);
  return text === 'true';
}

function tokenSource(token: string | null, file: string | null): PulsarAddress['token'] {
  if (token !== null && file !== null) throw wrong('it has both token and tokenFile');
  if (file === null) return async () => token ?? undefined;
  return async () => {
    try {
      return (await readFile(file, 'utf8')).trim();
    } catch (error) {
      throw new StartupError(`The token of Pulsar cannot be read from ${file}: ${(error as Error).message}`);
    }
  };
}

const wrong = (what: string): StartupError => new StartupError(`The URL of Pulsar is not right: ${what}.`);
