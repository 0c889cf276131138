import { join } from 'node:path';
import pc from 'picocolors';
import { StartupError } from '@ringside/core';
import { readPolicy } from '@ringside/replicator';
import { demoReportsPerSecond, startDemo, type Demo } from './demo.js';
import { requireFreePorts } from './free-ports.js';
import { describeMember, startMembers, stopMembers, type Member } from './members.js';
import type { Options } from './options.js';
import { keepPeerTokens } from './peer-token.js';
import { exampleLines, regionsTable, type RegionServices } from './print.js';
import { controlPortOffset, serveRegions } from './region-control.js';
import { regionMembers, replicatorMember, replicatorPortOffset, type PreparedRegions } from './region-members.js';
import { switchedRegion, type SwitchedRegion } from './region-switch.js';
import type { Prepared, Surroundings } from './surroundings.js';
import { aborted, untilAborted } from './until-aborted.js';

/**
 * The services of each region on a log and on views of its own, and the replicator between the logs. Resolves with the exit code
 * when the signal has ended them all.
 */
export async function runRegions(prepared: PreparedRegions, options: Options, surroundings: Surroundings): Promise<number> {
  const { regions, issuer } = prepared;
  const { env, print, signal, killSignal } = surroundings;
  const tokens = issuer && (await keepPeerTokens(issuer, { regions, directory: join(options.data, 'issuer'), print }));
  const ringEnv = (region: string): NodeJS.ProcessEnv => ({
    ...{ ...env, RINGSIDE_RING: options.policy },
    ...(tokens && { RINGSIDE_RING_TOKEN_FILE: tokens.fileOf(region) }),
  });

  let exitCode = 0;
  const opening = { options, print, onGivenUp: () => (exitCode = 1) };
  const replicator = replicatorMember(prepared, opening, surroundings);
  const inRegions: SwitchedRegion[] = [];
  for (const region of regions) {
    const open = () => regionMembers(region, prepared, opening, ringEnv(region));
    const others = regions.filter((other) => other !== region);
    inRegions.push(await switchedRegion({ region, data: options.data, open, replicator, others, print }));
  }
  const members = (): readonly Member[] => [replicator, ...inRegions.flatMap((one) => one.members())];
  killSignal.addEventListener('abort', () => {
    for (const { supervisor } of members()) supervisor.kill();
  });
  const control = await serveRegions(inRegions, options.portBase + controlPortOffset);
  try {
    await untilAborted(startAll(replicator, inRegions, print, signal), signal);
    if (!signal.aborted) await serve({ replicator, regions: inRegions }, prepared, options, surroundings);
  } finally {
    if (signal.aborted) print('Stopping.');
    await control.close();
    await stopMembers(members());
    tokens?.close();
  }
  return exitCode;
}

/** Throws `StartupError` for a region that the policy does not have, and for ports of the ring's own that are in use. */
export async function requireRegions(
  regions: readonly string[],
  { policy: policyFile, portBase }: Pick<Options, 'policy' | 'portBase'>,
): Promise<void> {
  const policy = await readPolicy(policyFile);
  const unknown = regions.find((region) => policy.regions[region] === undefined);
  if (unknown !== undefined) {
    const known = Object.keys(policy.regions).join(', ');
    throw new StartupError(`The policy ${policyFile} has no region "${unknown}": it has ${known}.`);
  }
  const ownPorts = [
    { name: 'the replicator', portOffset: replicatorPortOffset },
    { name: 'the regions', portOffset: controlPortOffset },
  ];
  await requireFreePorts(ownPorts, '127.0.0.1', portBase);
}

/** A region at a time: all at once, on a small machine, none would be there before the last. */
async function startAll(
  replicator: Member,
  regions: readonly SwitchedRegion[],
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const count = regions.reduce((sum, { members }) => sum + members().length, 0);
  print(`Starting the replicator, and ${count} services in ${regions.map(({ region }) => region).join(', ')}.`);
  const startedAt = performance.now();
  const seconds = (): string => `${((performance.now() - startedAt) / 1_000).toFixed(1)} s`;
  await startMembers([replicator]);
  for (const { region, members } of regions) {
    if (signal.aborted) return;
    await startMembers(members());
    print(`${region} is there after ${seconds()}.`);
  }
}

interface Running {
  readonly replicator: Member;
  readonly regions: readonly SwitchedRegion[];
}

async function serve(
  { replicator, regions }: Running,
  { issuer }: Prepared,
  options: Options,
  { print, signal }: Surroundings,
): Promise<void> {
  const running = await Promise.all(
    regions.map(async ({ region, members }) => ({ region, services: await Promise.all(members().map(describeMember)) })),
  );
  print(regionsTable(running));
  print(`The replicator (process ${replicator.supervisor.pid}) has the links between them at ${replicator.url}/links.`);
  const demos = options.demo ? await startDemos(running, print, signal) : [];
  if (signal.aborted) return;
  if (demos.length > 0) {
    const accepted = demos.reduce((sum, demo) => sum + demo.accepted, 0);
    print(`Players of all regions have filed ${accepted} reports and go on with two a second (--no-demo for none).`);
  }
  print(`Logs are in ${options.data}, under each region and under logs.`);
  if (issuer) print(`Tokens of ready people, for Swagger UI's Authorize and for curl, are at ${issuer.url}. Try:`);
  for (const line of exampleLines(running[0]!.services, issuer?.url, options.portBase)) print(`  ${line}`);
  for (const line of linkLines(regions, options)) print(`  ${line}`);
  print('Ready. Ctrl-C stops everything.');
  await Promise.all([...demos.map((demo) => demo.stream()), aborted(signal)]);
}

function startDemos(
  regions: readonly RegionServices[],
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<readonly Demo[]> {
  const intakes = regions.flatMap(({ region, services }) =>
    services.filter(({ takesReports }) => takesReports).map(({ url }) => ({ region, intakeUrl: url })),
  );
  const reportsPerSecond = demoReportsPerSecond / intakes.length;
  return Promise.all(
    intakes.map(({ region, intakeUrl }) => {
      const onTrouble = (because: string): void =>
        print(pc.yellow(`The demo's reports are not accepted in ${region}: ${because}.`));
      return startDemo({ intakeUrl, reportsPerSecond, signal, onTrouble });
    }),
  );
}

function linkLines(regions: readonly SwitchedRegion[], { portBase }: Options): readonly string[] {
  const [from, to] = regions;
  if (from === undefined || to === undefined) return [];
  const ports = portBase === 3_000 ? '' : ` --port-base ${portBase}`;
  return [
    `npm run ring:link -- cut ${from.region} ${to.region}${ports}`,
    `npm run ring:link -- status${ports}`,
    `npm run ring:region -- lose ${to.region}${ports}`,
  ];
}
