import { stepLackingSanctions, termOf, type CaseStep } from '@ringside/casework';
import { UnavailableError, type JsonObject } from '@ringside/core';

/** A step that was taken in another term than the one that goes on from it, perhaps in another region. */
export interface EarlierStep {
  readonly step: CaseStep;
  /** Of the case, with it. */
  readonly caseVersion: number;
  /** Names the command that led to it; absent where nobody kept that. */
  readonly causationId?: string;
}

/**
 * The steps that a term goes on from, first to last: those up to `upTo`, or where that is absent, up to the last one in effect that
 * is known of the terms before it. Rejects with {@link IncompleteHistoryError} where any of them has not come to this region.
 */
export type EarlierSteps = (caseId: string, before: BeforeTerm) => Promise<readonly EarlierStep[]>;

export interface BeforeTerm {
  readonly term: number;
  readonly upTo?: number;
  /**
   * Steps that are known of, and behind all that are here, are left out, and so are those of which not all is here that followed:
   * they are superseded.
   */
  readonly withoutMissing?: boolean;
}

/** What a case went through elsewhere has not all come to this region. It will, once the region that has it is heard of again. */
export class IncompleteHistoryError extends UnavailableError {
  constructor(detail: string) {
    super('event-log', detail);
  }
}

/** Where no other region ever works a case, there is no other term. */
export const noEarlierSteps: EarlierSteps = (caseId, { term }) =>
  Promise.reject(new Error(`Term ${term} of ${caseId} goes on from steps that nobody here has.`));

export interface KnownSteps {
  /** By version, in any order. */
  readonly steps: readonly EarlierStep[];
  /** The highest version that is known to have been reached, whether or not its step is here. */
  readonly reached: number;
  /** The sanctions of the player, as far as they are known: rows of `player_sanctions`. */
  readonly sanctions: readonly JsonObject[];
}

/**
 * Follows the history of a case back from a step to the first one. What followed from a step is on other topics, and may have been
 * lost where the step was not: no view would ever show it, so a term that is yet to begin goes on from no such step. See
 * {@link EarlierSteps}.
 */
export function historyOf(
  { steps, reached, sanctions }: KnownSteps,
  { upTo, term, withoutMissing = false }: BeforeTerm,
): readonly EarlierStep[] {
  if (upTo !== undefined) return pathTo(upTo, steps);
  // The last step of the latest term has effect, whatever else has.
  const last = Math.max(0, ...steps.map(({ caseVersion }) => caseVersion).filter((version) => termOf(version) < term));
  if (!withoutMissing && reached > last && termOf(reached) < term) {
    throw new IncompleteHistoryError(`It is known to have come to step ${reached}, and its steps up to ${last} are here.`);
  }
  const history = pathTo(last, steps);
  const behind = history.find(({ caseVersion }) => caseVersion > reached)?.caseVersion ?? Infinity;
  const withoutAll = Math.min(behind, stepLackingSanctions(history, sanctions) ?? Infinity);
  if (withoutAll === Infinity) return history;
  if (withoutMissing) return history.filter(({ caseVersion }) => caseVersion < withoutAll);
  throw new IncompleteHistoryError(
    `Not all that followed from its step ${withoutAll} is here yet; without it, that step and those behind it have no effect.`,
  );
}

function pathTo(last: number, steps: readonly EarlierStep[]): readonly EarlierStep[] {
  const known = new Map(steps.map((one) => [one.caseVersion, one]));
  const history: EarlierStep[] = [];
  for (let version = last; version > 0;) {
    const one = known.get(version);
    if (one === undefined) throw new IncompleteHistoryError(`Its step ${version} is not here yet.`);
    history.push(one);
    version = one.step.type === 'CaseAdopted' ? one.step.data.basedOn : version - 1;
  }
  return history.reverse();
}
