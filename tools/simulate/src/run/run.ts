import type { RingPolicy } from '@ringside/data-ring';
import { randomOf } from '@ringside/random';

import { check } from '../checks/check.js';
import { planFaults } from '../load/faults.js';
import { Players } from '../load/reports.js';
import { Appellants } from '../load/appeals.js';
import { CaseWorkers } from '../load/case-workers.js';
import type { Wrapping } from '../services/surroundings.js';
import type { PlayedTeam } from '../services/teams.js';
import { enter } from '../world/machine.js';
import { World } from '../world/world.js';
import type { Figures } from './figures.js';
import { playToRest } from './rest.js';
import { scenarioFrom } from './scenario.js';
import { Simulation } from './simulation.js';

/** What a run is made of: with the same options it goes the same way. */
export interface RunOptions {
  readonly seed: number;
  /** Only so many of its reports and commands, and faults: for shortening a run that fails. */
  readonly reportsMax?: number;
  readonly commandsMax?: number;
  readonly faultsMax?: number;
}

export interface RunOutcome {
  readonly seed: number;
  /** What is wrong, in sentences; none where all is as promised. */
  readonly faults: readonly string[];
  readonly hash: number;
  readonly steps: number;
  readonly figures: Figures;
  readonly trace: readonly string[];
}

export interface Terms {
  readonly policy: RingPolicy;
  /** Of which each run draws some. */
  readonly teams: readonly PlayedTeam[];
  readonly isTraced?: boolean;
  /** A bug that is planted. */
  readonly wrapping?: Wrapping;
}

const epoch = Date.UTC(2026, 5, 1, 12);

/** Plays one seed to its end, and looks at what is there then. */
export async function run(options: RunOptions, { policy, teams, isTraced = false, wrapping = {} }: Terms): Promise<RunOutcome> {
  const { seed, reportsMax = Infinity, commandsMax = Infinity, faultsMax = Infinity } = options;
  const random = randomOf(seed);
  const scenario = scenarioFrom(random, { allTeams: teams, reportsMax, commandsMax });
  const world = new World(random, scenario.weather, epoch, isTraced);
  world.faultsLeft = faultsMax;
  const rejections: string[] = [];
  const onRejection = (error: unknown): void => void rejections.push(`A rejection that nobody handled: ${textOf(error)}`);
  process.on('unhandledRejection', onRejection);
  enter(world);
  try {
    const simulation = new Simulation({ world, scenario, policy, seed, wrapping });
    const players = new Players(simulation);
    const workers = new CaseWorkers(simulation, players);
    const appellants = new Appellants(simulation, workers);
    for (const slot of simulation.slots) simulation.start(slot, random.next() * 300);
    players.plan();
    workers.plan();
    appellants.plan();
    planFaults(simulation);
    let isOver = false;
    world.schedule(undefined, scenario.activeMs, 'faults and load are over', () => (isOver = true));
    await world.play(() => isOver || rejections.length > 0);
    await endFaults(simulation);
    const left = await playToRest(simulation, () =>
      players.underWay > 0 ? [`${players.underWay} reports are not answered`] : [],
    );
    const notAtRest = left.map((one) => `It does not come to rest: ${one}.`);
    const faults = [...rejections, ...notAtRest];
    for (const slot of simulation.slots) simulation.kill(slot);
    enter(undefined);
    const checked = faults.length > 0 ? undefined : await check(simulation, { players, workers, appellants });
    return {
      ...{ seed, hash: world.hash, steps: world.steps, trace: world.trace },
      faults: [...faults, ...(checked?.faults ?? [])],
      figures: {
        ...{ accepted: players.accepted.length, lookedFor: checked === undefined ? 0 : players.accepted.length },
        ...{ commands: workers.answered.length, appeals: appellants.accepted.length, disturbances: world.faults },
        ...{ astray: checked?.astray ?? 0, records: checked?.records ?? 0, rows: checked?.rows ?? 0 },
        parked: checked?.parked ?? 0,
      },
    };
  } finally {
    enter(undefined);
    process.off('unhandledRejection', onRejection);
  }
}

/** Nothing goes wrong from now on: what is away comes back, what is stopped goes on, and a deployment with a fault is replaced. */
async function endFaults(simulation: Simulation): Promise<void> {
  const { world, regions, slots, deployment } = simulation;
  world.hasFaults = false;
  for (const { log, stores } of regions) for (const content of [log, ...stores.values()]) content.away = undefined;
  for (const { process } of slots) if (process?.isPaused) world.resume(process);
  const isReplaced = deployment.isBroken || world.random.chance(0.5);
  deployment.isBroken = false;
  for (const slot of slots) {
    if (!isReplaced || slot.running?.kind === 'replicator') continue;
    simulation.kill(slot);
    simulation.start(slot, world.random.next() * 1_000);
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
