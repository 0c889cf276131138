import type { Wrapping } from '../services/surroundings.js';
import { ofLogs } from './of-logs.js';
import { ofStores } from './of-stores.js';

/** A bug that is put between the services and what they call, to see that it is found. */
export interface PlantedBug {
  readonly name: string;
  /** What is wrong, in a sentence. */
  readonly what: string;
  /** It has to be found within so many seeds. */
  readonly withinSeeds: number;
  /** What the checkers say of it, and not of much else. */
  readonly fault: RegExp;
  /** A new one for each run: it may remember. */
  readonly plant: () => Wrapping;
}

export const plantedBugs: readonly PlantedBug[] = [...ofLogs, ...ofStores];
