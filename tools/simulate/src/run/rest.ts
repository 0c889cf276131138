import { intentsTable } from '@ringside/team-kit';
import { isDeepStrictEqual } from 'node:util';

import { byBytes } from '../store/store-content.js';
import type { Simulation } from './simulation.js';

const parked = 'parked_events_g1';
const lookEveryMs = 700;
/** Looks in a row that find the same, and nothing to do. */
const sameLooks = 3;
/** So long after the end of the faults all has to be at rest, in ms. */
const restMsMax = 240_000;

/** What is still to be done; none where the simulation is at rest. */
export function outstanding({ regions, scenario, slots, world }: Simulation): readonly string[] {
  const found: string[] = [];
  if (world.underWay > 0) found.push(`${world.underWay} changes are under way`);
  for (const { name, running } of slots) {
    const fault =
      running === undefined ? 'it has not started' : running.kind === 'replicator' ? undefined : running.runtime.server.fault;
    if (fault !== undefined) found.push(`${name} does not consume: ${fault}`);
  }
  for (const { log, stores, name } of regions) {
    for (const topic of log.topics.values()) {
      for (const [subscription, { cursors }] of topic.subscriptions) {
        topic.partitions.forEach((records, partition) => {
          const left = records.length - cursors[partition]!;
          if (left > 0)
            found.push(`${subscription} in ${name} has not acknowledged ${left} records of ${topic.name}/${partition}`);
        });
      }
      for (const to of scenario.regions) {
        const isToCopy = to !== name && topic.partitions.some((records) => records.length > 0);
        const travels = regions
          .find((region) => region.name === to)!
          .placement.held.some((one) => one.name === topic.name && one.topic.zone !== 'regional');
        if (isToCopy && travels && !topic.subscriptions.has(`replicator-to-${to}`))
          found.push(`nobody copies ${topic.name} from ${name} to ${to}`);
      }
    }
    for (const store of stores.values()) {
      const intents = store.partitionsOf(intentsTable).flatMap((partition) => store.rowsOf(intentsTable, partition));
      const waiting = store.partitionsOf(parked).flatMap((partition) => store.rowsOf(parked, partition));
      const toTry = waiting.filter(({ value }) => value['reason'] === 'projection' || value['reason'] === 'reaction');
      if (toTry.length > 0) found.push(`${store.name} has ${toTry.length} parked events that could go through by now`);
      if (intents.length > 0) found.push(`${store.name} has ${intents.length} intents`);
    }
  }
  return found;
}

/** How much there is of all: where two looks find the same, nothing has happened in between. */
function extent({ regions }: Simulation): unknown {
  return regions.map(({ log, stores }) => [
    [...log.topics.values()].map(({ partitions }) => partitions.map((records) => records.length)),
    [...stores.values()].map(({ streams, checkpoints }) => [
      [...streams.values()].map(({ version, fence }) => [version, fence]),
      [...checkpoints].sort(([a], [b]) => byBytes(a, b)).map(([, { ordinal, position }]) => [ordinal, position]),
    ]),
  ]);
}

/** Plays on until nothing happens any more. Answers with what keeps it from coming to rest, if anything. */
export async function playToRest(simulation: Simulation, isDone: () => readonly string[]): Promise<readonly string[]> {
  const { world } = simulation;
  const until = world.now + restMsMax;
  let same = 0;
  let before: unknown;
  let left: readonly string[] = [];
  const look = (): void => {
    left = [...isDone(), ...outstanding(simulation)];
    const now = extent(simulation);
    same = left.length === 0 && isDeepStrictEqual(now, before) ? same + 1 : 0;
    before = now;
    if (same < sameLooks) world.schedule(undefined, lookEveryMs, 'a look whether all is at rest', look);
  };
  look();
  await world.play(() => same >= sameLooks || world.now > until);
  return same >= sameLooks ? [] : left.length > 0 ? left : ['something happens all the time'];
}
