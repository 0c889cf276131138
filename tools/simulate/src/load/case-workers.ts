import { caseIdOf, versionOf, type CaseFile } from '@ringside/casework';
import { UnavailableError } from '@ringside/core';
import { ProblemException, type Role } from '@ringside/platform';
import type { CommandContent, Sender } from '@ringside/team-kit';

import type { Simulation } from '../run/simulation.js';
import type { Region } from '../services/region.js';
import type { TeamProcess } from '../services/team-process.js';
import { commandOn } from './commands.js';
import type { Players } from './reports.js';

/** A command that was answered as taken. */
export interface TakenCommand {
  readonly region: string;
  readonly service: string;
  readonly caseId: string;
  /** Under which it was sent, as often as it was. */
  readonly key: string;
  readonly kind: string;
  /** The version that it led to, and the decision that it made. */
  readonly version: number;
  readonly decisionId: string | undefined;
  readonly subjectId: string;
}

const roles: readonly Role[] = ['case_worker', 'lead', 'approver'];
const triesMax = 4;

/** What one of them is about to do, as often as it takes. */
interface Attempt {
  readonly region: Region;
  readonly service: string;
  readonly caseId: string;
  readonly subjectId: string;
  readonly key: string;
  readonly worker: string;
  /** What they saw, and ask for: the same whenever it is sent again. */
  request?: { readonly version: number; readonly command: CommandContent };
}

/** Case workers look at cases and give commands; one of which they hear nothing they send again, to whichever process there is. */
export class CaseWorkers {
  readonly answered: TakenCommand[] = [];

  constructor(
    private readonly simulation: Simulation,
    private readonly players: Players,
  ) {}

  plan(): void {
    const { world, scenario } = this.simulation;
    for (let i = 0; i < scenario.commands; i++) {
      world.schedule(undefined, (0.2 + 0.8 * world.random.next()) * scenario.activeMs, `command ${i}`, () => this.begin(i));
    }
  }

  private begin(number: number): void {
    const { world, regions, scenario } = this.simulation;
    const { random } = world;
    const region = random.pick(regions);
    const { service, rules } = random.pick(scenario.teams);
    const home = (subjectId: string): boolean => region.placement.homeOf(subjectId) === region.name || random.chance(0.1);
    const known = this.players.accepted.filter((one) => rules.captures(one.reason) && home(one.subjectId));
    if (known.length === 0) return;
    const { subjectId, game } = random.pick(known);
    const caseId = caseIdOf(rules.team, game, subjectId);
    const worker = `worker-${random.between(1, 2)}`;
    this.attempt({ region, service, caseId, subjectId, worker, key: `command-${number}` }, 1);
  }

  private attempt(attempt: Attempt, tries: number): void {
    const { world } = this.simulation;
    const { random } = world;
    let isOver = false;
    const again = (): void => {
      if (isOver) return;
      isOver = true;
      if (tries >= triesMax) return;
      world.schedule(undefined, random.next() * 2_000, 'a command is sent again', () => this.attempt(attempt, tries + 1));
    };
    const { region, service, key } = attempt;
    const processes = this.simulation.running('team', region).filter((one) => one.team.service === service);
    if (processes.length === 0) return again();
    const process = random.pick(processes);
    world.schedule(undefined, 5_000, 'a command is not answered', again);
    world.schedule(process.surroundings.process, world.latency(), `give ${key}`, () => {
      this.give(process, attempt).then(
        () => (isOver = true),
        (error: unknown) => {
          if (isProblem(error)) world.note('worker', `${key}: ${error.code}, ${error.message}`);
          if (error instanceof UnavailableError || (isProblem(error) && error.kind.status === 503)) again();
          else if (isProblem(error)) isOver = true;
          else throw error;
        },
      );
    });
  }

  private async give(process: TeamProcess, attempt: Attempt): Promise<void> {
    const { caseCommands, runtime, surroundings } = process;
    const { caseId, worker, key, region, service, subjectId } = attempt;
    const { world } = this.simulation;
    if (attempt.request === undefined) {
      const file = await caseCommands.caseToWorkOn(caseId);
      attempt.request = { version: versionOf(file), command: this.choose(process, file) };
    }
    const { version, command } = attempt.request;
    const identity = { sub: worker, teams: [process.team.rules.team], roles };
    const sender: Sender = { identity, version, idempotencyKey: key };
    const { Rerouting } = process.team;
    const answer =
      command.kind === 'reroute' && Rerouting !== undefined
        ? await new Rerouting(caseCommands, runtime).reroute({ caseId }, sender, command)
        : await caseCommands.give({ caseId, sender, command });
    world.note(surroundings.process.name, `has taken ${key}: ${command.kind}`);
    const decisionId = answer['decisionId'] as string | undefined;
    const kind = command.kind;
    this.answered.push({ region: region.name, service, caseId, key, kind, version: answer.version, decisionId, subjectId });
  }

  private choose(process: TeamProcess, file: CaseFile): CommandContent {
    const { world } = this.simulation;
    const { team } = process;
    return commandOn(file, {
      random: world.random,
      policy: team.casework!.policy,
      canReroute: team.Rerouting !== undefined,
    });
  }
}

const isProblem = (error: unknown): error is ProblemException => error instanceof ProblemException;
