import { Body, Controller, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { ReviewMessage } from '@ringside/abuse-domain';
import { evidenceRow } from '@ringside/casework';
import type { ReportEvidenceFiled } from '@ringside/events';
import {
  CaseCommands,
  CaseParams,
  CommandRoute,
  SentBy,
  SubscriberRuntime,
  type CommandAnswer,
  type Sender,
} from '@ringside/team-kit';

import { ReviewMessageBody } from './review-message.dto.js';

/** The abuse team's own command: reported messages are read and weighed one by one. */
@ApiTags('casework')
@Controller('v1/cases/:caseId')
export class ReviewMessageController {
  constructor(
    @Inject(CaseCommands) private readonly commands: CaseCommands,
    @Inject(SubscriberRuntime) private readonly runtime: SubscriberRuntime,
  ) {}

  @Post('review-message')
  @CommandRoute({
    operationId: 'reviewMessage',
    summary: 'Says of one reported message which clause it breaks, if any, and how badly. The last review of a message counts.',
  })
  review(
    @Param() { caseId }: CaseParams,
    @SentBy() sender: Sender,
    @Body() { reportId, message, clause, severity }: ReviewMessageBody,
  ): Promise<CommandAnswer> {
    const command = {
      kind: 'review_message',
      ...{ reportId, message },
      ...(clause == null ? {} : { clause }),
      severity,
    } as const;
    return this.commands.give({
      ...{ caseId, sender, command },
      find: async () => ({ evidence: await this.evidenceOf(caseId, reportId) }),
    });
  }

  /** Evidence stays in the region where it was filed: of a report from elsewhere there is none here. */
  private async evidenceOf(caseId: string, reportId: string): Promise<ReviewMessage['evidence']> {
    const evidence = (await this.runtime.views.get(evidenceRow(caseId, reportId))) as ReportEvidenceFiled['data'] | undefined;
    if (evidence === undefined) return null;
    return { chatLines: evidence.chat?.length ?? 0, description: evidence.description !== undefined };
  }
}
