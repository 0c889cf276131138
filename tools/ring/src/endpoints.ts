import { readFile } from 'node:fs/promises';
import { StartupError } from '@ringside/core';
import type { ClusterAddress } from '@ringside/data-ring';
import { parsePulsarUrl } from '@ringside/event-log-pulsar';
import { parse } from 'yaml';
import * as z from 'zod';
import { readRing } from './regions.js';

/** Where the servers of a region are. */
export interface RegionEndpoint {
  readonly region: string;
  /** As `RINGSIDE_EVENT_LOG`, with the token of a superuser; its admin API is what is meant. */
  readonly eventLogUrl: string;
  /** As `RINGSIDE_VIEW_STORE`, with a user who may make roles; undefined where its views are set up by somebody else. */
  readonly viewStoreUrl: string | undefined;
  /** Where its Pulsar is for those of other regions. */
  readonly address: ClusterAddress;
}

const shape = z.strictObject({
  regions: z.record(
    z.string(),
    z.strictObject({
      eventLog: z.string(),
      /** Pulsar's binary protocol, as other regions reach it. */
      broker: z.string().regex(/^pulsar(\+ssl)?:\/\/[^/]+$/, 'must be pulsar://host:port or pulsar+ssl://host:port'),
      /** Pulsar's admin API as other regions reach it; where `eventLog` has it, where this is left out. */
      service: z
        .string()
        .regex(/^https?:\/\/[^/]+$/, 'must be http(s)://host:port')
        .exactOptional(),
      viewStore: z.string().exactOptional(),
    }),
  ),
});

/**
 * Reads a file such as this one, for a real installation. `${NAME}` in it is the value of that variable of the environment, so that
 * no secret needs to be in it. Throws {@link StartupError}.
 *
 * ```yaml
 * regions:
 *   eu:
 *     eventLog: pulsar+wss://pulsar.eu.example:8443?tokenFile=/run/secrets/pulsar-admin
 *     broker: pulsar+ssl://pulsar.eu.example:6651
 *     viewStore: cql://admin:${CQL_PASSWORD}@scylla.eu.example?datacenter=eu-central&replication=3&tls=true
 * ```
 */
export async function readEndpoints(
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly RegionEndpoint[]> {
  const refused = (what: string): StartupError => new StartupError(`The endpoints in ${file} are not right: ${what}.`);
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new StartupError(`The endpoints cannot be read: ${error.message}.`);
  });
  const filled = text.replace(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = environment[name];
    if (value === undefined) throw refused(`they name the variable ${name}, which is not set`);
    return value;
  });
  const read = shape.safeParse(parsed(filled, refused));
  if (!read.success) {
    throw refused(faultOf(read.error.issues[0]!));
  }
  return Object.entries(read.data.regions).map(([region, { eventLog, broker, service, viewStore }]) => ({
    region,
    eventLogUrl: eventLog,
    viewStoreUrl: viewStore,
    address: { serviceUrl: service ?? parsePulsarUrl(eventLog).adminUrl, brokerServiceUrl: broker },
  }));
}

/** In words, with the key that is not known or is missing. */
function faultOf(issue: z.core.$ZodIssue): string {
  const at = issue.path.length === 0 ? 'at the top' : `at ${issue.path.join('.')}`;
  if (issue.code === 'unrecognized_keys') {
    const known = issue.path.length === 0 ? 'regions' : 'eventLog, broker, service and viewStore';
    return `${at} there is "${issue.keys.join('", "')}", which is not known: there is ${known}`;
  }
  if (issue.code === 'invalid_type') return `${at} there must be ${kinds[issue.expected] ?? issue.expected}`;
  return `what is ${at} ${issue.message}`;
}

const kinds: Readonly<Record<string, string>> = { string: 'a text', object: 'keys with values', record: 'keys with values' };

function parsed(text: string, refused: (what: string) => StartupError): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw refused((error as Error).message.split('\n', 1)[0]!);
  }
}

/** The servers that `ring:up` has started in this directory, whether they run or not. Throws {@link StartupError} where it has none. */
export function endpointsOfRing(directory: string): readonly RegionEndpoint[] {
  const { regions } = readRing(directory);
  if (regions.length === 0) {
    throw new StartupError(
      `There is no ring in ${directory}: start one with \`npm run ring:up -- --regions eu,us\`, or name servers with ` +
        '--servers, --endpoints or --data.',
    );
  }
  return regions.map(({ name, ports, eventLogUrl, viewStoreUrl }) => ({
    region: name,
    eventLogUrl,
    viewStoreUrl,
    address: {
      serviceUrl: `http://127.0.0.1:${ports.pulsarWeb}`,
      brokerServiceUrl: `pulsar://127.0.0.1:${ports.pulsarBroker}`,
    },
  }));
}
