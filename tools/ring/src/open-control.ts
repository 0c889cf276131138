import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartupError } from '@ringside/core';
import { onlyRegions, parsePolicy, policyFaultText, type RingPolicy } from '@ringside/data-ring';
import { openEventLog } from '@ringside/drivers';
import type { EventLog } from '@ringside/event-log';
import { parsePulsarUrl } from '@ringside/event-log-pulsar';
import { ringTopic } from '@ringside/events';
import {
  openCqlAdmin,
  openEmbeddedAdmin,
  openPulsarAdmin,
  openRingControl,
  type RecordLog,
  type RegionAdmin,
  type RingControl,
} from '@ringside/ring-control';
import { endpointsOfRing, readEndpoints, type RegionEndpoint } from './endpoints.js';

export interface ControlOptions {
  /** Absolute, as all paths here. */
  readonly policy: string;
  /** Of the policy's regions these alone; all of them where undefined. */
  readonly only?: readonly string[];
  /** Directory of `ring:up`. */
  readonly servers: string;
  /** File that says where servers are; goes before `servers`. */
  readonly endpoints?: string;
  /** Directory of `npm start -- --regions`; goes before both. */
  readonly data?: string;
}

export interface OpenControl {
  readonly policy: RingPolicy;
  readonly control: RingControl;
  close(): Promise<void>;
}

/** Throws `StartupError` that says all that is wrong with the file, a fault a line. */
async function readPolicy(file: string): Promise<RingPolicy> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new StartupError(`The policy of the ring cannot be read: ${error.message}.`, { cause: error });
  });
  const policy = parsePolicy(text, file);
  if (!policy.ok) throw new StartupError(policy.error.map((fault) => policyFaultText(fault)).join('\n'));
  return policy.value;
}

function partOf(policy: RingPolicy, only: readonly string[]): RingPolicy {
  try {
    return onlyRegions(policy, only);
  } catch (error) {
    throw new StartupError((error as Error).message, { cause: error });
  }
}

/** Opens the administration of every region that the options name servers of. */
export async function openControl(options: ControlOptions): Promise<OpenControl> {
  const whole = await readPolicy(options.policy);
  const { only } = options;
  const policy = only === undefined ? whole : partOf(whole, only);
  const { admins, logs } =
    options.data === undefined
      ? await overServers(policy, await endpointsFrom(options))
      : await overEmbedded(policy, options.data);
  const control = openRingControl({ policy, admins, logs, ...(only !== undefined && { part: { whole, only } }) });
  return {
    policy,
    control,
    close: async () => {
      await control.close();
      await Promise.all(logs.map(({ log }) => log.close()));
    },
  };
}

interface Parts {
  readonly admins: readonly RegionAdmin[];
  readonly logs: readonly (RecordLog & { readonly log: EventLog })[];
}

const endpointsFrom = async ({ servers, endpoints }: ControlOptions): Promise<readonly RegionEndpoint[]> =>
  endpoints === undefined ? endpointsOfRing(servers) : readEndpoints(endpoints, process.env);

async function overServers(policy: RingPolicy, endpoints: readonly RegionEndpoint[]): Promise<Parts> {
  const known = endpoints.filter(({ region }) => policy.regions[region] !== undefined);
  const addresses = Object.fromEntries(known.map(({ region, address }) => [region, address]));
  const admins = known.flatMap(({ region, eventLogUrl, viewStoreUrl }): readonly RegionAdmin[] => {
    const { adminUrl, token } = parsePulsarUrl(eventLogUrl);
    return [
      openPulsarAdmin({ policy, region, adminUrl, token, addresses }),
      ...(viewStoreUrl === undefined ? [] : [openCqlAdmin({ policy, region, url: viewStoreUrl })]),
    ];
  });
  const logs = await Promise.all(
    known.map(async ({ region, eventLogUrl }) => {
      const url = inNamespace(eventLogUrl, policy.tenant, policy.topics[ringTopic.topic]?.zone ?? 'global');
      return { region, log: await openEventLog(url, { dataDirectory: '' }) };
    }),
  );
  return { admins, logs };
}

/** The same Pulsar, and the namespace in which the record of runs is. It is not made there: that is what `apply` does. */
function inNamespace(eventLogUrl: string, tenant: string, namespace: string): string {
  const [, origin, query = ''] = /^([a-z+]+:\/\/[^/?]+)[^?]*(?:\?(.*))?$/.exec(eventLogUrl)!;
  const parameters = new URLSearchParams(query);
  parameters.set('createNamespace', 'false');
  return `${origin}/${tenant}/${namespace}?${parameters.toString()}`;
}

async function overEmbedded(policy: RingPolicy, data: string): Promise<Parts> {
  if (!existsSync(data)) throw new StartupError(`There is no directory ${data}: name that of npm start -- --regions.`);
  // The driver would make what is missing, and a region that was never started would look like one that is in order.
  const regions = Object.keys(policy.regions).filter((region) => existsSync(join(data, region, 'event-log')));
  const logs = await Promise.all(
    regions.map(async (region) => {
      return { region, log: await openEventLog('embedded:', { dataDirectory: join(data, region) }) };
    }),
  );
  return { logs, admins: logs.map(({ region, log }) => openEmbeddedAdmin({ policy, region, log })) };
}
