import type { Simulation } from '../run/simulation.js';
import type { Players } from './reports.js';

export class CaseWorkers {
  readonly answered: unknown[] = [];
  constructor(
    readonly simulation: Simulation,
    readonly players: Players,
  ) {}
  plan(): void {}
}
