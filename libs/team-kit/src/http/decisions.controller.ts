import { Body, Controller, Get, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  attachmentRow,
  caseOfDecision,
  decisionOf,
  statementOfReasons,
  transparencyStatementOf,
  versionOf,
  type Attachment,
  type CaseworkPolicy,
  type DecisionRecord,
  type LifecycleCommand,
  type StatementInput,
  type StatementOfReasons,
  type TransparencyStatement,
} from '@ringside/casework';
import { ApiProblems, ProblemException, problems } from '@ringside/platform';

import { CaseCommands, type CommandAnswer } from '../casework/case-commands.js';
import { CaseReader } from '../casework/case-reader.js';
import { SentBy, type Sender } from '../casework/sender.js';
import { SubscriberRuntime } from '../runtime.js';
import { ReasonBody } from './case-commands.dto.js';
import { CommandRoute } from './command-route.js';
import { DecisionDto, DecisionParams } from './decisions.dto.js';
import { CASEWORK_POLICY } from './tokens.js';

type DecisionView = DecisionRecord & {
  readonly caseId: string;
  readonly version: number;
  readonly statementOfReasons: StatementOfReasons | null;
};

interface Existing {
  readonly caseId: string;
  /** Of the case. */
  readonly version: number;
  readonly input: StatementInput;
}

/** Decisions: what they say, and what becomes of them. */
@ApiTags('casework')
@Controller('v1/decisions/:decisionId')
export class DecisionsController {
  constructor(
    @Inject(CaseCommands) private readonly commands: CaseCommands,
    @Inject(CaseReader) private readonly reader: CaseReader,
    @Inject(SubscriberRuntime) private readonly runtime: SubscriberRuntime,
    @Inject(CASEWORK_POLICY) private readonly policy: CaseworkPolicy,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'getDecision', summary: 'A decision with its statement of reasons.' })
  @ApiOkResponse({ type: DecisionDto, headers: { ETag: { description: 'The version', schema: { type: 'string' } } } })
  @ApiProblems(400, 404, 421)
  async get(
    @Param() { decisionId }: DecisionParams,
    @Res({ passthrough: true }) reply: { header(name: string, value: string): unknown },
  ): Promise<DecisionView> {
    const { caseId, version, input } = await this.existing(decisionId);
    reply.header('etag', `"${version}"`);
    return { ...input.decision, caseId, version, statementOfReasons: statementOfReasons(input) };
  }

  @Get('dsa')
  @ApiOperation({
    operationId: 'exportDecision',
    summary: 'The decision as the DSA Transparency Database takes it: nothing personal in it.',
  })
  @ApiOkResponse({ schema: { type: 'object', additionalProperties: true } })
  @ApiProblems(400, 404, 421)
  async dsa(@Param() { decisionId }: DecisionParams): Promise<TransparencyStatement> {
    const statement = transparencyStatementOf((await this.existing(decisionId)).input);
    if (statement !== null) return statement;
    throw new ProblemException(problems.notFound, 'The decision restricts nothing, or not yet: there is nothing to submit.');
  }

  @Post('approve')
  @CommandRoute({
    operationId: 'approveDecision',
    summary: 'Lets a proposed decision take effect. Not for whoever proposed it.',
    roles: ['approver', 'lead'],
    ifMatch: 'optional',
  })
  approve(@Param() { decisionId }: DecisionParams, @SentBy('optional') sender: Sender): Promise<CommandAnswer> {
    return this.give(decisionId, sender, { kind: 'approve', decisionId });
  }

  @Post('reject')
  @CommandRoute({
    operationId: 'rejectDecision',
    summary: 'Ends a proposed decision.',
    roles: ['approver', 'lead'],
    ifMatch: 'optional',
  })
  reject(
    @Param() { decisionId }: DecisionParams,
    @SentBy('optional') sender: Sender,
    @Body() { reason }: ReasonBody,
  ): Promise<CommandAnswer> {
    return this.give(decisionId, sender, { kind: 'reject', decisionId, reason });
  }

  @Post('revert')
  @CommandRoute({
    operationId: 'revertDecision',
    summary: 'Takes a decision back, with all that it imposed.',
    roles: ['lead'],
    ifMatch: 'optional',
  })
  revert(
    @Param() { decisionId }: DecisionParams,
    @SentBy('optional') sender: Sender,
    @Body() { reason }: ReasonBody,
  ): Promise<CommandAnswer> {
    return this.give(decisionId, sender, { kind: 'revert', decisionId, reason });
  }

  private async give(decisionId: string, sender: Sender, command: LifecycleCommand): Promise<CommandAnswer> {
    return this.commands.give({ caseId: caseWithDecision(decisionId), sender, command });
  }

  private async existing(decisionId: string): Promise<Existing> {
    const caseId = caseWithDecision(decisionId);
    const served = await this.commands.caseServed(caseId);
    const { file } = served;
    const work = await this.reader.current(served);
    const decision = decisionOf(work, decisionId);
    if (decision === undefined) throw noSuchDecision();
    const rows = await this.runtime.views.getMany(decision.reportIds.map((reportId) => attachmentRow(caseId, reportId)));
    const reports = rows.flatMap((row) => (row === undefined ? [] : [row.value as unknown as Attachment]));
    const version = versionOf({ streamVersion: work.version, revision: file.revision });
    return { caseId, version, input: { decision, case: file, policy: this.policy, reports, detectedByMachine: false } };
  }
}

function caseWithDecision(decisionId: string): string {
  const caseId = caseOfDecision(decisionId);
  if (caseId === undefined) throw noSuchDecision();
  return caseId;
}

const noSuchDecision = (): ProblemException => new ProblemException(problems.notFound, 'This team has made no such decision.');
