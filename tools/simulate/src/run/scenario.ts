import type { Random } from '@ringside/random';

import type { Substrate } from '../services/region.js';
import type { PlayedTeam } from '../services/teams.js';
import type { Weather } from '../world/call.js';

/** What a run is made of. The seed draws it, so that some runs are small and harsh, and others large and mild. */
export interface Scenario {
  readonly regions: readonly string[];
  readonly teams: readonly PlayedTeam[];
  readonly processesPerService: number;
  readonly substrate: Substrate;
  readonly weather: Weather;
  /** For so long there are load and faults, in ms of the run. */
  readonly activeMs: number;
  readonly reports: number;
  readonly commands: number;
  readonly faults: FaultPlan;
}

/** How many of each there are. */
export interface FaultPlan {
  readonly crashes: number;
  readonly restarts: number;
  readonly pauses: number;
  /** A log or a store is away for a while. */
  readonly outages: number;
  /** Partitions are given out anew. */
  readonly unloads: number;
  /** A clock goes wrong by up to ten hours. */
  readonly skews: number;
  /** Links between regions are cut for a while. */
  readonly cuts: number;
  /** Records that are no events lie on the topic of the reports. */
  readonly poisons: number;
  /** A deployment throws for some reports until it is replaced. */
  readonly isDeploymentBroken: boolean;
  /** The share of batches that come twice over a link. */
  readonly duplicate: number;
}

/** What a scenario is drawn from. For shortening a run that fails load is cut off behind so many reports and commands. */
export interface Material {
  readonly allTeams: readonly PlayedTeam[];
  readonly reportsMax: number;
  readonly commandsMax: number;
}

export function scenarioFrom(random: Random, { allTeams, reportsMax, commandsMax }: Material): Scenario {
  const isRing = random.chance(0.35);
  const isMild = random.chance(0.15);
  const upTo = (max: number): number => (isMild ? 0 : random.below(max + 1));
  const teams = isRing ? [random.pick(allTeams)] : random.shuffled(allTeams).slice(0, random.pick([1, 1, 2, 3]));
  const isLarge = random.chance(0.05);
  // Many commands on few cases, and calls that fail: for the write path.
  const isBusy = !isRing && random.chance(0.25);
  // Processes stand still in the midst of a batch, and others have their partitions when they go on.
  const isHalting = !isRing && random.chance(0.25);
  return {
    regions: isRing ? ['eu', 'us'] : ['local'],
    teams: isLarge ? allTeams : teams,
    processesPerService: isHalting ? 2 : isRing ? random.pick([1, 1, 2]) : random.pick([1, 2, 2]),
    substrate: {
      partitions: random.pick([1, 2, 3]),
      atomicAppend: random.chance(0.5),
      atomicWrite: random.chance(0.5),
    },
    weather: {
      latencyMsMax: random.pick([1, 5, 40]),
      slow: isMild ? 0 : random.pick([0, 0.01, 0.05]),
      failing: isMild ? 0 : isBusy ? 0.04 : random.pick([0, 0.002, 0.01, 0.05]),
      dyingAtWork: isBusy && !isMild ? 0.1 : 0,
      haltingAtWork: isHalting && !isMild ? 0.15 : 0,
    },
    activeMs: isHalting ? 18_000 : random.pick([5_000, 10_000, 18_000]),
    reports: Math.min(isHalting ? 30 : random.pick([6, 15, 30]), reportsMax),
    commands: Math.min(isBusy ? 50 : random.pick([0, 8, 20]), commandsMax),
    faults: {
      crashes: upTo(6),
      restarts: upTo(2),
      pauses: upTo(2),
      outages: upTo(2),
      unloads: upTo(4),
      skews: upTo(2),
      cuts: isRing ? upTo(3) : 0,
      poisons: random.chance(0.3) ? upTo(3) : 0,
      isDeploymentBroken: !isMild && random.chance(0.25),
      duplicate: isRing && !isMild ? random.pick([0, 0.1, 0.5]) : 0,
    },
  };
}
