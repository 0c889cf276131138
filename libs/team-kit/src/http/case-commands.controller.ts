import { Body, Controller, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { LifecycleCommand } from '@ringside/casework';

import { CaseCommands, type CommandAnswer } from '../casework/case-commands.js';
import { SentBy, type Sender } from '../casework/sender.js';
import { DecideBody, HandOverBody, NoteBody, ReasonBody } from './case-commands.dto.js';
import { CaseParams } from './cases.dto.js';
import { CommandRoute } from './command-route.js';

/** The commands that every team's cases take. */
@ApiTags('casework')
@Controller('v1/cases/:caseId')
export class CaseCommandsController {
  constructor(@Inject(CaseCommands) private readonly commands: CaseCommands) {}

  @Post('claim')
  @CommandRoute({
    operationId: 'claimCase',
    summary: 'Takes the case for a while; by whoever holds it, renews that. Without a renewal it runs out.',
  })
  claim(@Param() { caseId }: CaseParams, @SentBy() sender: Sender): Promise<CommandAnswer> {
    return this.give(caseId, sender, { kind: 'claim' });
  }

  @Post('release')
  @CommandRoute({ operationId: 'releaseCase', summary: 'Gives the case back.' })
  release(@Param() { caseId }: CaseParams, @SentBy() sender: Sender): Promise<CommandAnswer> {
    return this.give(caseId, sender, { kind: 'release' });
  }

  @Post('hand-over')
  @CommandRoute({ operationId: 'handOverCase', summary: 'Hands the case over to somebody by name.' })
  handOver(@Param() { caseId }: CaseParams, @SentBy() sender: Sender, @Body() body: HandOverBody): Promise<CommandAnswer> {
    return this.give(caseId, sender, { kind: 'hand_over', to: body.to, reason: body.reason });
  }

  @Post('hold')
  @CommandRoute({ operationId: 'holdCase', summary: 'Stops the clock of the case, for a reason.' })
  hold(@Param() { caseId }: CaseParams, @SentBy() sender: Sender, @Body() { reason }: ReasonBody): Promise<CommandAnswer> {
    return this.give(caseId, sender, { kind: 'hold', reason });
  }

  @Post('resume')
  @CommandRoute({ operationId: 'resumeCase', summary: 'Lets the clock of the case go on.' })
  resume(@Param() { caseId }: CaseParams, @SentBy() sender: Sender): Promise<CommandAnswer> {
    return this.give(caseId, sender, { kind: 'resume' });
  }

  @Post('note')
  @CommandRoute({
    operationId: 'noteOnCase',
    summary: 'Leaves a note for the team.',
    roles: ['case_worker', 'lead', 'approver'],
  })
  note(@Param() { caseId }: CaseParams, @SentBy() sender: Sender, @Body() { text }: NoteBody): Promise<CommandAnswer> {
    return this.give(caseId, sender, { kind: 'note', text });
  }

  @Post('escalate')
  @CommandRoute({ operationId: 'escalateCase', summary: 'Asks a lead to look at the case.' })
  escalate(@Param() { caseId }: CaseParams, @SentBy() sender: Sender, @Body() { reason }: ReasonBody): Promise<CommandAnswer> {
    return this.give(caseId, sender, { kind: 'escalate', reason });
  }

  @Post('decide')
  @CommandRoute({
    operationId: 'decideCase',
    summary:
      'Decides the open reports that the version names. Later ones keep the case open. Takes no claim, but nobody else may have one.',
  })
  decide(@Param() { caseId }: CaseParams, @SentBy() sender: Sender, @Body() body: DecideBody): Promise<CommandAnswer> {
    return this.give(caseId, sender, decisionOf(body));
  }

  @Post('go-on')
  @CommandRoute({
    operationId: 'goOnWithCase',
    summary:
      'Goes on with a case in a new term although the region that worked it took steps that never came here, and leaves a note that ' +
      'says why. These steps have no effect, also when they come to light.',
    roles: ['lead'],
    ifMatch: 'optional',
  })
  goOn(
    @Param() { caseId }: CaseParams,
    @SentBy('optional') sender: Sender,
    @Body() { reason }: ReasonBody,
  ): Promise<CommandAnswer> {
    // Whatever version was seen may be one of those that are lost.
    const bare = { ...sender, version: undefined };
    return this.commands.give({ caseId, sender: bare, command: { kind: 'note', text: reason }, withoutMissing: true });
  }

  private give(caseId: string, sender: Sender, command: LifecycleCommand): Promise<CommandAnswer> {
    return this.commands.give({ caseId, sender, command });
  }
}

/** The command that a body asks for. Fields in one order, absent ones left out. */
export const decisionOf = ({ verdict, clause, facts, sanctions = [] }: DecideBody): LifecycleCommand => ({
  kind: 'decide',
  verdict,
  ...(clause == null ? {} : { clause }),
  facts,
  sanctions: sanctions.map(({ kind, durationHours }) => ({ kind, ...(durationHours == null ? {} : { durationHours }) })),
});
