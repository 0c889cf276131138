import { Inject, Injectable } from '@nestjs/common';
import { acknowledgeBy, caseRow, dueAt, type Actor, type CaseFile, type CaseRules, type Deadline } from '@ringside/casework';
import { UnavailableError } from '@ringside/core';
import type { EventLog } from '@ringside/event-log';
import { bySystem, reportsTopic, type AppealFiled } from '@ringside/events';
import { EVENT_LOG, SERVICE_CONFIG, type ServiceConfig } from '@ringside/platform';

import { awaitLog } from '../await-log.js';
import { caseById } from '../case-queries.js';
import type { CommandOutcome } from '../commands/aggregate.js';
import { Commands } from '../commands/commands.js';
import { CASE_RULES } from '../http/tokens.js';
import { SubscriberRuntime } from '../runtime.js';
import { CaseCommands, type CommandContent } from './case-commands.js';
import { servedIn, servingOfCase, type CaseServed } from './serving.js';

const system: Actor = { sub: bySystem, roles: [] };

/** How long an appeal waits at a time, in ms, for the views to hear whose it is. */
const heardWaitMsMax = 5_000;

/** Another region works the case. */
export interface WorkedElsewhere {
  readonly outcome: 'elsewhere';
  readonly region: string;
}

/** Commands that nobody gives: what the clock brings about, and appeals as they come in. */
@Injectable()
export class SystemCommands {
  constructor(
    @Inject(SubscriberRuntime) private readonly runtime: SubscriberRuntime,
    @Inject(Commands) private readonly commands: Commands,
    @Inject(CaseCommands) private readonly caseCommands: CaseCommands,
    @Inject(CASE_RULES) private readonly rules: CaseRules,
    @Inject(SERVICE_CONFIG) private readonly config: ServiceConfig,
    @Inject(EVENT_LOG) private readonly log: EventLog,
  ) {}

  /** Lets the time have its effect on a case. Any number of processes may do it at once: what it leads to happens once. */
  async tick(caseId: string): Promise<CommandOutcome | undefined> {
    const served = await this.ownCase(caseId);
    if (served === undefined) return undefined;
    const { file } = served;
    // By what the case was when it was looked at: whoever says the same of it is the same command.
    const commandId = `tick/${file.streamVersion}`;
    return this.execute(served, commandId, { kind: 'tick', deadlines: deadlinesOf(file, this.rules) });
  }

  /** Hands an appeal to the case whose decision it is about; to none where this team has no such case. */
  async openAppeal(caseId: string, { id, region, data }: AppealFiled): Promise<CommandOutcome | WorkedElsewhere | undefined> {
    const served = (await this.served(caseId)) ?? (await this.servedOnceHeard(caseId));
    if (served === undefined || 'outcome' in served) return served;
    const { appealId, decisionId, playerId, filedAt } = data;
    const appeal = { appealId, decisionId, playerId, filedAt, statementHeldIn: region };
    return this.execute(served, id, { kind: 'open_appeal', ...appeal });
  }

  /**
   * Report-intake knows the decision, so the log of this region has it. These views may have yet to hear of the case, where its region
   * is another one: they are waited for, for what is not theirs is not looked at again. Throws `UnavailableError` where that takes long.
   */
  private async servedOnceHeard(caseId: string): Promise<CaseServed | WorkedElsewhere | undefined> {
    const { views, subscriber } = this.runtime;
    if (subscriber.placement.tenant === undefined) return undefined;
    const topics = subscriber.placement.heard(reportsTopic.topic).map(({ name }) => name);
    const isHeard = await awaitLog({ views, log: this.log, subscriber: { ...subscriber, topics } }, heardWaitMsMax);
    if (!isHeard) throw new UnavailableError('event-log', 'The views have yet to hear whose case the appeal is about.');
    const served = await this.served(caseId);
    if (served !== undefined || (await views.get(caseRow(caseId))) === undefined) return served;
    throw new Error('The case is known by its steps alone: the appeal waits for the reports that it is about.');
  }

  private async ownCase(caseId: string): Promise<CaseServed | undefined> {
    const served = await this.served(caseId);
    return served === undefined || 'outcome' in served ? undefined : served;
  }

  private async served(caseId: string): Promise<CaseServed | WorkedElsewhere | undefined> {
    const { views } = this.runtime;
    const file = await caseById(views, caseId);
    if (file === undefined) return undefined;
    const { region = 'another region', term = 0 } = (await servingOfCase(views, file)) ?? {};
    return region === this.config.region ? { file, term } : { outcome: 'elsewhere', region };
  }

  private async execute(served: CaseServed, commandId: string, command: CommandContent): Promise<CommandOutcome> {
    const { file } = served;
    const inContext = await this.caseCommands.inContext(file, { command, by: system, revision: file.revision });
    return this.commands.execute({
      ...{ case: file, commandId, fingerprint: command.kind, command: inContext },
      ...servedIn(served),
    });
  }
}

function deadlinesOf(file: CaseFile, rules: CaseRules): readonly Deadline[] {
  const deadlines = { acknowledge: acknowledgeBy(file, rules), decide: dueAt(file, rules) };
  return (['acknowledge', 'decide'] as const).flatMap((deadline) => {
    const at = deadlines[deadline];
    return at === null ? [] : [{ deadline, dueAt: at }];
  });
}
