import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Service } from '@ringside/service-processes';
import { hostOf } from './host.js';
import { openMember, type Member } from './members.js';
import { portsPerRegion, type Options } from './options.js';
import type { Prepared, Surroundings } from './surroundings.js';

export interface PreparedRegions extends Prepared {
  readonly regions: readonly string[];
}

/** Of the replicator's control API, after the base. */
export const replicatorPortOffset = 8;
/** The services that are there for the others: those that the platform services of other regions ask. */
const platformService = 'platform';

export interface Opening {
  readonly options: Options;
  readonly print: (line: string) => void;
  readonly onGivenUp: () => void;
}

export function replicatorMember(
  { regions, logs }: PreparedRegions,
  { options, ...opening }: Opening,
  { root, env }: Surroundings,
): Member {
  const port = options.portBase + replicatorPortOffset;
  const service: Service = {
    name: 'replicator',
    main: join(root, 'tools', 'replicator', 'dist', 'main.js'),
    portOffset: replicatorPortOffset,
    args: [
      ...['--data', options.data, '--policy', options.policy, '--regions', regions.join()],
      ...['--port', String(port), '--link-delay', String(options.linkDelay)],
    ],
  };
  const { verbose } = options;
  const logFile = join(logs, 'replicator.log');
  return openMember({ name: service.name, service, url: `http://127.0.0.1:${port}`, env, logFile, verbose, ...opening });
}

export async function regionMembers(
  region: string,
  { regions, services }: PreparedRegions,
  { options, ...opening }: Opening,
  env: NodeJS.ProcessEnv,
): Promise<readonly Member[]> {
  const data = join(options.data, region);
  const logs = join(data, 'logs');
  await mkdir(logs, { recursive: true });
  const host = hostOf(env);
  const urlOf = (of: string, { portOffset }: Service): string =>
    `http://${host.reach}:${options.portBase + portsPerRegion * regions.indexOf(of) + portOffset}`;
  const platform = services.find(({ name }) => name === platformService);
  const peers = platform && regions.filter((other) => other !== region).map((other) => `${other}=${urlOf(other, platform)}`);
  return services.map((service) => {
    const url = urlOf(region, service);
    return openMember({
      name: `${region}/${service.name}`,
      service,
      url,
      env: {
        ...env,
        RINGSIDE_REGION: region,
        RINGSIDE_DATA: data,
        RINGSIDE_PORT: new URL(url).port,
        ...(peers && { RINGSIDE_RING_PEERS: peers.join() }),
      },
      logFile: join(logs, `${service.name}.log`),
      verbose: options.verbose,
      ...opening,
    });
  });
}
