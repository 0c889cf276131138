import { UnavailableError } from '@ringside/core';

import type { Simulation } from '../run/simulation.js';
import type { CaseWorkers } from './case-workers.js';

/** An appeal that was answered 202. */
export interface AcceptedAppeal {
  readonly appealId: string;
  readonly decisionId: string;
  /** Whose decision it is about. */
  readonly caseId: string;
  readonly service: string;
  readonly region: string;
}

export const appealWords = (region: string): string => `an appeal written in ${region}`;

/** Players appeal against decisions that were made about them, some time later. */
export class Appellants {
  readonly accepted: AcceptedAppeal[] = [];

  constructor(
    private readonly simulation: Simulation,
    private readonly workers: CaseWorkers,
  ) {}

  plan(): void {
    const { world, scenario } = this.simulation;
    for (let i = 0; i < Math.ceil(scenario.commands / 4); i++) {
      world.schedule(undefined, (0.5 + 0.5 * world.random.next()) * scenario.activeMs, `appeal ${i}`, () => this.begin());
    }
  }

  private begin(): void {
    const { world, regions } = this.simulation;
    const decided = this.workers.answered.filter(({ decisionId }) => decisionId !== undefined);
    if (decided.length === 0) return;
    const { decisionId, subjectId, caseId, service, region: made } = world.random.pick(decided);
    const region = regions.find(({ name }) => name === made)!;
    const intakes = this.simulation.running('intake', region);
    if (intakes.length === 0 || decisionId === undefined) return;
    const intake = world.random.pick(intakes);
    world.schedule(intake.surroundings.process, world.latency(), `appeal against ${decisionId}`, () => {
      intake.fileAppeal({ playerId: subjectId, decisionId, statement: appealWords(region.name) }).then(
        (result) => {
          if (!result.ok) return;
          const { appealId } = result.value;
          this.accepted.push({ appealId, decisionId, caseId, service, region: region.name });
        },
        (error: unknown) => {
          if (!(error instanceof UnavailableError)) throw error;
        },
      );
    });
  }
}
