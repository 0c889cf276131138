import type { RingPolicy } from '@ringside/data-ring';

import { Region } from '../services/region.js';
import { startIntake, type IntakeProcess } from '../services/intake-process.js';
import type { Deployment } from '../services/ledger.js';
import { startReplicator, type ReplicatorProcess } from '../services/replicator-process.js';
import { surroundingsOf, type Wrapping } from '../services/surroundings.js';
import { startTeam, type TeamProcess } from '../services/team-process.js';
import { SimulatedProcess } from '../world/process.js';
import type { World } from '../world/world.js';
import type { Scenario } from './scenario.js';

export type Running = TeamProcess | IntakeProcess | ReplicatorProcess;

/** A place where a process of one kind is to run: whoever dies in it is followed by another. */
export interface Slot {
  readonly name: string;
  readonly region: Region | undefined;
  running: Running | undefined;
  process: SimulatedProcess | undefined;
  readonly start: (process: SimulatedProcess) => Running;
}

export interface SimulationParts {
  readonly world: World;
  readonly scenario: Scenario;
  readonly policy: RingPolicy;
  readonly seed: number;
  readonly wrapping: Wrapping;
}

/** Regions, and the processes in them. */
export class Simulation {
  readonly world: World;
  readonly scenario: Scenario;
  readonly regions: readonly Region[];
  readonly slots: readonly Slot[];
  readonly deployment: Deployment;
  /** Links that are cut at present, and stay so when their replicator comes anew. */
  readonly cut = new Set<string>();
  private incarnations = 0;

  constructor(private readonly parts: SimulationParts) {
    const { world, scenario, policy } = parts;
    this.world = world;
    this.scenario = scenario;
    this.deployment = { isBroken: scenario.faults.isDeploymentBroken };
    const isRing = scenario.regions.length > 1;
    this.regions = scenario.regions.map((name) => new Region(world, name, isRing ? policy : undefined, scenario.substrate));
    this.slots = [...this.regions.flatMap((region) => this.slotsOf(region)), ...(isRing ? [this.replicatorSlot()] : [])];
  }

  private slotsOf(region: Region): readonly Slot[] {
    const { scenario, wrapping, world } = this.parts;
    const at = region.name;
    const numbers = Array.from({ length: scenario.processesPerService }, (_, i) => i + 1);
    const surroundings = (process: SimulatedProcess, service: string) =>
      surroundingsOf(world, region, { process, service, wrapping });
    return [
      this.slot(`intake.${at}`, region, (process) => startIntake(surroundings(process, 'report-intake'))),
      ...scenario.teams.flatMap((team) =>
        numbers.map((number) =>
          this.slot(`${team.rules.team}.${at}.${number}`, region, (process) =>
            startTeam(team, surroundings(process, team.service), this.deployment),
          ),
        ),
      ),
    ];
  }

  private replicatorSlot(): Slot {
    const { policy, seed, scenario, wrapping } = this.parts;
    const { duplicate } = scenario.faults;
    return this.slot('replicator', undefined, (process) => {
      const started = startReplicator({ process, policy, regions: this.regions, seed, duplicate, wrapping });
      for (const link of started.replicator.links) if (this.cut.has(`${link.from}/${link.to}`)) void link.cut();
      return started;
    });
  }

  private slot(name: string, region: Region | undefined, start: Slot['start']): Slot {
    return { name, region, running: undefined, process: undefined, start };
  }

  /** Another incarnation, which knows nothing but what is stored. */
  start(slot: Slot, afterMs: number, skewMs = slot.process?.skewMs ?? 0): void {
    const { world } = this;
    const number = ++this.incarnations;
    const process = new SimulatedProcess(`${slot.name}#${number}`, world.now + afterMs, world.random, skewMs);
    slot.process = process;
    slot.running = undefined;
    world.schedule(process, afterMs, `start ${slot.name}`, () => (slot.running = slot.start(process)));
  }

  kill(slot: Slot): void {
    if (slot.process !== undefined) this.world.kill(slot.process);
    slot.running = undefined;
  }

  /** Whoever of a kind runs in a region and is not stopped. */
  running<Kind extends Running['kind']>(kind: Kind, region: Region | undefined): readonly Extract<Running, { kind: Kind }>[] {
    return this.slots.flatMap((slot) =>
      slot.running?.kind === kind && slot.region === region && !slot.process!.isPaused
        ? [slot.running as Extract<Running, { kind: Kind }>]
        : [],
    );
  }
}
