import type { Appellants } from '../load/appeals.js';
import type { CaseWorkers } from '../load/case-workers.js';
import type { Players } from '../load/reports.js';
import type { Simulation } from '../run/simulation.js';
import { appealsAreKept } from './appeals.js';
import { captured } from './captured.js';
import { eventsIn } from './logs.js';
import { parkedIn, parkedInOrder } from './parked.js';
import { differences, replay, subscribersIn } from './replay.js';
import { commandsAreKept, published } from './streams.js';
import { arrived, borders } from './zones.js';

export interface Load {
  readonly appellants: Appellants;
  readonly players: Players;
  readonly workers: CaseWorkers;
}

export interface Checked {
  readonly faults: readonly string[];
  /** Accepted reports that are not where they must be, once. */
  readonly astray: number;
  readonly records: number;
  readonly rows: number;
  readonly parked: number;
}

/** Looks at what a run has left: at logs and stores alone, and at what was answered. */
export async function check(simulation: Simulation, { appellants, players, workers }: Load): Promise<Checked> {
  const { regions, scenario } = simulation;
  const events = new Map(regions.map((region) => [region, eventsIn(region)]));
  const reports = captured(simulation, players.accepted);
  const faults: string[] = [
    ...reports.faults,
    ...appealsAreKept(simulation, appellants.accepted, events),
    ...published(simulation, events),
    ...commandsAreKept(simulation, workers.answered),
    ...borders(simulation, events),
    ...arrived(simulation, events),
    ...parkedInOrder(simulation),
    ...regions.flatMap(({ stores }) => [...stores.values()].flatMap(({ wrongs }) => wrongs)),
  ];
  let rows = 0;
  for (const region of regions) {
    for (const subscriber of subscribersIn(region, scenario)) {
      const compared = differences(region.storeOf(subscriber.name), await replay(region, subscriber), subscriber);
      faults.push(...compared.faults);
      rows += compared.rows;
    }
  }
  const records = regions
    .flatMap(({ log }) => [...log.topics.values()])
    .flatMap(({ partitions }) => partitions)
    .reduce((sum, { length }) => sum + length, 0);
  const parked = regions.flatMap(({ stores }) => [...stores.values()]).reduce((sum, store) => sum + parkedIn(store).length, 0);
  return { faults, astray: reports.astray, records, rows, parked };
}
