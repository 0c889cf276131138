import type { CaseStep, CaseWork, CommandContext, Refusal } from '@ringside/casework';
import type { Result } from '@ringside/core';
import type { ViewStore } from '@ringside/view-store';

import type { AnyCaseAggregate } from '../commands/aggregate.js';
import { CaseHistories, isStale, type Folded } from '../commands/case-histories.js';
import { streamOf } from '../commands/case-stream.js';
import { IncompleteHistoryError, type EarlierSteps } from '../commands/earlier-steps.js';
import { notAllHere } from './problems.js';
import type { CaseServed } from './serving.js';

/** Reads cases as their streams make them: what the write side says, without waiting for views. */
export class CaseReader {
  private readonly histories: CaseHistories<CaseWork>;

  constructor(
    store: ViewStore,
    private readonly aggregate: AnyCaseAggregate,
    earlierSteps?: EarlierSteps,
  ) {
    this.histories = new CaseHistories<CaseWork>(store, aggregate, earlierSteps);
  }

  /** Throws `ProblemException` (503) where what the case went through elsewhere has not all come to this region. */
  async current(served: CaseServed): Promise<CaseWork> {
    return (await this.history(served)).state;
  }

  /** Whether a command of somebody who saw the case at this version would not be taken for that. Throws as `current`. */
  async isStale(served: CaseServed, seenVersion: number): Promise<boolean> {
    return isStale(await this.history(served), seenVersion);
  }

  /** What a command would lead to. */
  decide(work: CaseWork, command: CommandContext): Result<readonly CaseStep[], Refusal> {
    return this.aggregate.decider.decide(work, command);
  }

  private async history({ file, term }: CaseServed): Promise<Folded<CaseWork>> {
    try {
      return await this.histories.current(streamOf(file.caseId, term));
    } catch (error) {
      throw error instanceof IncompleteHistoryError ? notAllHere(error.message) : error;
    }
  }
}
