import { StartupError } from '@ringside/core';
import { z } from 'zod';

/** What a service is configured with. Made once, at the root of a process, by {@link readConfig}. */
export interface ServiceConfig {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  readonly dataDirectory: string;
  /** `embedded:`, or the URL of another driver. */
  readonly eventLogUrl: string;
  readonly viewStoreUrl: string;
  readonly region: string;
  /** Path of the ring's policy; empty for a region by itself. */
  readonly ring: string;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** Requests that one client may send in a minute; 0 for no limit. */
  readonly rateLimitPerMinute: number;
  /** Requests under way at the same time; those beyond are answered 503. */
  readonly requestsInFlightMax: number;
  /** Addresses or networks of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** How long a stopping process may finish what it has begun, in ms. */
  readonly drainMsMax: number;
  /** In development things are allowed that would be careless elsewhere. */
  readonly environment: 'production' | 'development';
  /** URL of the JSON Web Key Set that tokens are verified with; empty for none. */
  readonly authKeySet: string;
  /** The tokens' claim `iss`. */
  readonly authIssuer: string;
  /** What the tokens' claim `aud` has to name. */
  readonly authAudience: string;
  /** The platform services of the other regions. */
  readonly ringPeers: readonly RingPeer[];
  /**
   * Files with the tokens that are shown to them, `{region}` for the region of the peer; empty for none. Read anew for each request, so
   * that they can be replaced.
   */
  readonly ringTokenFile: string;
  /** How often this region compares what it holds with its peers, in ms; 0 for only when somebody asks. */
  readonly ringCompareMs: number;
  /** What a peer has and this region has not is on its way for so long, in ms, before it counts as missing. */
  readonly ringSettleMs: number;
  /** Whether what is missing is fetched by itself, or when somebody asks. */
  readonly ringRepair: 'automatic' | 'manual';
}

/** The platform service of another region. */
export interface RingPeer {
  readonly region: string;
  /** Without a slash at the end. */
  readonly url: string;
}

/** One environment variable, as data: read by {@link readConfig}, printed by `--help`. */
export interface Setting {
  readonly variable: string;
  readonly default: string;
  readonly meaning: string;
}

const integer = (min: number, max: number) =>
  z
    .string()
    .refine((text) => /^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max, {
      error: `must be a whole number from ${min} to ${max}`,
    })
    .transform(Number);

const repairs = ['automatic', 'manual'] as const;

const peerShape = /^([a-z][a-z0-9-]{0,31})=(https?:\/\/[^\s,@]+?)\/*$/;

const ringPeers = z.string().transform((text, context) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .flatMap((part): readonly RingPeer[] => {
      const [, region, url] = peerShape.exec(part) ?? [];
      if (region !== undefined && url !== undefined && URL.canParse(url)) return [{ region, url }];
      context.addIssue({ code: 'custom', message: 'must be region=URL, comma-separated, such as us=https://platform.us' });
      return [];
    }),
);

/** Any scheme is taken where those of the drivers are not known. */
const driverUrl = (schemes: readonly string[] | undefined) =>
  schemes === undefined
    ? z.string().regex(/^[a-z][a-z0-9+.-]*:/, { error: 'must be a URL such as embedded: (a scheme, then a colon)' })
    : z.string().refine((text) => schemes.some((scheme) => text.startsWith(`${scheme}:`)), {
        error: `must begin with one of ${schemes.map((scheme) => `${scheme}:`).join(', ')}`,
      });

const environments = ['production', 'development'] as const;

const isKeySetUrl = (text: string): boolean => text === '' || (/^(https?|file|data):/.test(text) && URL.canParse(text));

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

type Schemas = {
  readonly [Field in keyof ServiceConfig]: Setting & {
    readonly schema: z.ZodType<ServiceConfig[Field], string>;
    /** What a message may quote of a value; all of it where absent. */
    readonly quoted?: (text: string) => string;
  };
};

/** What follows may have a password in it. */
const schemeAlone = (text: string): string => text.replace(/:.*/s, ':...');

/** What the reader of a configuration knows beforehand. */
export interface ConfigDefaults {
  readonly port: number;
  /** Schemes of the URLs that there are drivers for, such as `embedded`. */
  readonly eventLogSchemes?: readonly string[];
  readonly viewStoreSchemes?: readonly string[];
}

const settingsOf = ({ port, eventLogSchemes, viewStoreSchemes }: ConfigDefaults): Schemas => ({
  port: {
    variable: 'RINGSIDE_PORT',
    default: String(port),
    meaning: 'TCP port of the HTTP API; 0 takes any free one',
    schema: integer(0, 65_535),
  },
  host: {
    variable: 'RINGSIDE_HOST',
    default: '127.0.0.1',
    meaning: 'address to listen on; 0.0.0.0 in a container',
    schema: z.string().regex(/^[A-Za-z0-9.:_-]+$/, { error: 'must be a host name or an IP address' }),
  },
  dataDirectory: {
    variable: 'RINGSIDE_DATA',
    default: './data',
    meaning: 'directory of the embedded drivers; shared by the services of one machine',
    schema: z.string(),
  },
  eventLogUrl: {
    variable: 'RINGSIDE_EVENT_LOG',
    default: 'embedded:',
    meaning: 'event log: embedded:, or the URL of another driver',
    schema: driverUrl(eventLogSchemes),
    quoted: schemeAlone,
  },
  viewStoreUrl: {
    variable: 'RINGSIDE_VIEW_STORE',
    default: 'embedded:',
    meaning: 'view store: embedded:, or the URL of another driver',
    schema: driverUrl(viewStoreSchemes),
    quoted: schemeAlone,
  },
  region: {
    variable: 'RINGSIDE_REGION',
    default: 'local',
    meaning: 'name of the region that this process runs in',
    schema: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, { error: 'must be 1 to 32 of a-z, 0-9 and -, a letter first' }),
  },
  ring: {
    variable: 'RINGSIDE_RING',
    default: '',
    meaning: "file of the ring's policy (ring.yaml), one of whose regions this is; none for a region by itself",
    schema: z.string(),
  },
  logLevel: {
    variable: 'RINGSIDE_LOG_LEVEL',
    default: 'info',
    meaning: `${logLevels.join(', ')}; debug adds a line per request`,
    schema: z.enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` }),
  },
  rateLimitPerMinute: {
    variable: 'RINGSIDE_RATE_LIMIT',
    default: '0',
    meaning: 'requests per minute and client address, 429 beyond; 0 for no limit',
    schema: integer(0, 10_000_000),
  },
  requestsInFlightMax: {
    variable: 'RINGSIDE_REQUESTS_IN_FLIGHT',
    default: '2000',
    meaning: 'requests under way at the same time, 503 beyond',
    schema: integer(1, 100_000),
  },
  trustedProxies: {
    variable: 'RINGSIDE_TRUSTED_PROXIES',
    default: '',
    meaning: 'addresses or networks, comma-separated, whose X-Forwarded-For names the client',
    schema: z.string().transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    ),
  },
  drainMsMax: {
    variable: 'RINGSIDE_DRAIN_MS',
    default: '25000',
    meaning: 'how long a stopping process may finish what it has begun, in ms',
    schema: integer(0, 600_000),
  },
  environment: {
    variable: 'RINGSIDE_ENV',
    default: 'production',
    meaning: 'production or development; the second is for one machine and made-up people',
    schema: z.enum(environments, { error: `must be ${environments.join(' or ')}` }),
  },
  authKeySet: {
    variable: 'RINGSIDE_AUTH_JWKS',
    default: '',
    meaning: 'JSON Web Key Set that tokens are verified with: an https:, file: or data: URL; http: on this machine',
    schema: z.string().refine(isKeySetUrl, { error: 'must be an https:, http:, file: or data: URL' }),
    quoted: schemeAlone,
  },
  authIssuer: {
    variable: 'RINGSIDE_AUTH_ISSUER',
    default: '',
    meaning: 'who signs the tokens: their claim iss',
    schema: z.string(),
  },
  authAudience: {
    variable: 'RINGSIDE_AUTH_AUDIENCE',
    default: 'ringside',
    meaning: 'whom the tokens are for: their claim aud has to name it',
    schema: z.string(),
  },
  ringPeers: {
    variable: 'RINGSIDE_RING_PEERS',
    default: '',
    meaning: 'platform services of the other regions, comma-separated: us=https://platform.us.example',
    schema: ringPeers,
  },
  ringTokenFile: {
    variable: 'RINGSIDE_RING_TOKEN_FILE',
    default: '',
    meaning:
      'file with the token, of the role ring_peer, that is shown to a peer: {region} in it stands for the region of the peer',
    schema: z.string().refine((text) => text === '' || text.includes('{region}'), {
      error: 'must have {region} in it: each peer is shown a token of its own',
    }),
  },
  ringCompareMs: {
    variable: 'RINGSIDE_RING_COMPARE_MS',
    default: '30000',
    meaning: 'how often the platform service compares what its region holds with its peers, in ms; 0 for when it is asked',
    schema: integer(0, 86_400_000),
  },
  ringSettleMs: {
    variable: 'RINGSIDE_RING_SETTLE_MS',
    default: '10000',
    meaning: 'how long an event may be on its way between regions, in ms, before it counts as missing',
    schema: integer(0, 86_400_000),
  },
  ringRepair: {
    variable: 'RINGSIDE_RING_REPAIR',
    default: 'automatic',
    meaning: 'automatic or manual: whether missing events are fetched from a peer by themselves, or when it is asked',
    schema: z.enum(repairs, { error: `must be ${repairs.join(' or ')}` }),
  },
});

/** The settings of a service in the order of its `--help`. */
export const describeSettings = (defaultPort: number): readonly Setting[] =>
  Object.values(settingsOf({ port: defaultPort })).map(({ variable, default: value, meaning }) => ({
    variable,
    default: value,
    meaning,
  }));

/**
 * Reads the configuration from the environment given. An empty variable counts as absent.
 * Throws {@link StartupError} that names every fault at once.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>, defaults: ConfigDefaults): ServiceConfig {
  const faults: string[] = [];
  const config: Record<string, unknown> = {};
  for (const [field, setting] of Object.entries(settingsOf(defaults))) {
    const given = env[setting.variable];
    const read = setting.schema.safeParse(given === undefined || given === '' ? setting.default : given);
    if (read.success) config[field] = read.data;
    else {
      const { variable, quoted = String } = setting;
      faults.push(`${variable} ${read.error.issues.map(({ message }) => message).join(', ')} (it is "${quoted(given!)}")`);
    }
  }
  if (faults.length === 0) {
    faults.push(...faultsOfAuth(config as unknown as ServiceConfig), ...faultsOfPeers(config as unknown as ServiceConfig));
  }
  if (faults.length > 0) throw new StartupError(`The configuration is not valid: ${faults.join('; ')}.`);
  return config as unknown as ServiceConfig;
}

function faultsOfAuth({ authKeySet, authIssuer, environment }: ServiceConfig): readonly string[] {
  if (authKeySet === '') return [];
  const faults = authIssuer === '' ? ['RINGSIDE_AUTH_ISSUER must name the issuer whose keys RINGSIDE_AUTH_JWKS has'] : [];
  // Whoever can change the keys on their way is every case worker at once.
  if (isReadable(authKeySet) && environment === 'production')
    faults.push('RINGSIDE_AUTH_JWKS must be an https: URL in production');
  return faults;
}

/** Tokens of peers, and casework, are for nobody on the way. */
function faultsOfPeers({ ringPeers, environment }: ServiceConfig): readonly string[] {
  if (environment !== 'production') return [];
  return ringPeers
    .filter(({ url }) => isReadable(url))
    .map(({ region }) => `RINGSIDE_RING_PEERS must have an https: URL for ${region} in production`);
}

/** Whether others than this machine can read and change what comes from there. */
function isReadable(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
