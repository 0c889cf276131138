import type { CaseWorkers } from '../load/case-workers.js';
import type { Players } from '../load/reports.js';
import type { Simulation } from '../run/simulation.js';
import { captured } from './captured.js';
import { differences, replay, subscribersIn } from './replay.js';

export interface Load {
  readonly players: Players;
  readonly workers: CaseWorkers;
}

export interface Checked {
  readonly faults: readonly string[];
  readonly records: number;
  readonly rows: number;
  readonly parked: number;
}

/** Looks at what a run has left: at logs and stores alone, and what was answered. */
export async function check(simulation: Simulation, load: Load): Promise<Checked> {
  const faults: string[] = [...captured(simulation, load.players)];
  let rows = 0;
  for (const region of simulation.regions) {
    for (const subscriber of subscribersIn(region, simulation.scenario)) {
      const compared = differences(region.storeOf(subscriber.name), await replay(region, subscriber), subscriber);
      faults.push(...compared.faults);
      rows += compared.rows;
    }
  }
  const records = simulation.regions
    .flatMap(({ log }) => [...log.topics.values()])
    .flatMap(({ partitions }) => partitions)
    .reduce((sum, { length }) => sum + length, 0);
  return { faults, records, rows, parked: 0 };
}
