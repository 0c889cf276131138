import type { CaseStep, CaseWork, CommandContext, Refusal } from '@ringside/casework';
import type { Result } from '@ringside/core';
import type { ViewStore } from '@ringside/view-store';

import type { AnyCaseAggregate } from '../commands/aggregate.js';
import { CaseHistories, isStale } from '../commands/case-histories.js';
import { streamOf } from '../commands/case-stream.js';
import type { EarlierSteps } from '../commands/earlier-steps.js';
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

  /** Rejects with `IncompleteHistoryError` where what the case went through elsewhere has not all come to this region. */
  async current({ file, term }: CaseServed): Promise<CaseWork> {
    return (await this.histories.current(streamOf(file.caseId, term))).state;
  }

  /** Whether a command of somebody who saw the case at this version would not be taken for that. */
  async isStale({ file, term }: CaseServed, seenVersion: number): Promise<boolean> {
    return isStale(await this.histories.current(streamOf(file.caseId, term)), seenVersion);
  }

  /** What a command would lead to. */
  decide(work: CaseWork, command: CommandContext): Result<readonly CaseStep[], Refusal> {
    return this.aggregate.decider.decide(work, command);
  }
}
