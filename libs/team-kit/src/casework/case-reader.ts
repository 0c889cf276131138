import type { CaseStep, CaseWork, CommandContext, Refusal } from '@ringside/casework';
import type { Result } from '@ringside/core';
import type { ViewStore } from '@ringside/view-store';

import type { AnyCaseAggregate } from '../commands/aggregate.js';
import { CaseHistories, isStale } from '../commands/case-histories.js';
import { streamOf } from '../commands/case-stream.js';

/** Reads cases as their streams make them: what the write side says, without waiting for views. */
export class CaseReader {
  private readonly histories: CaseHistories<CaseWork>;

  constructor(
    store: ViewStore,
    private readonly aggregate: AnyCaseAggregate,
  ) {
    this.histories = new CaseHistories<CaseWork>(store, aggregate);
  }

  async current(caseId: string): Promise<CaseWork> {
    return (await this.histories.current(streamOf(caseId))).state;
  }

  /** Whether a command of somebody who saw the case at this version of its stream would not be taken for that. */
  async isStale(caseId: string, seenVersion: number): Promise<boolean> {
    return isStale(await this.histories.current(streamOf(caseId)), seenVersion);
  }

  /** What a command would lead to. */
  decide(work: CaseWork, command: CommandContext): Result<readonly CaseStep[], Refusal> {
    return this.aggregate.decider.decide(work, command);
  }
}
