import { Body, Controller, Inject, Param, Post } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { attachmentRow, type CaseBackground } from '@ringside/casework';
import { OneLine, oneLineSchema } from '@ringside/platform';
import {
  CaseCommands,
  CaseParams,
  CommandRoute,
  SentBy,
  SubscriberRuntime,
  type CommandAnswer,
  type Sender,
} from '@ringside/team-kit';
import { reroutedPerCommandMax, type RoutedReport } from '@ringside/triage-domain';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsOptional, Matches } from 'class-validator';

import { routedReport, type AttachmentOfAnyGeneration } from './routed-report.js';

class RerouteBody {
  @ApiProperty({
    pattern: '^[a-z][a-z0-9_]{0,63}$',
    description: 'What the reports are about. Whichever team owns it has them from then on; what nobody owns stays here',
    example: 'aimbot',
  })
  @Matches(/^[a-z][a-z0-9_]{0,63}$/, { message: 'must be a reason: lower-case letters, digits and _' })
  reason!: string;

  @ApiPropertyOptional({
    type: 'array',
    items: oneLineSchema(128),
    minItems: 1,
    maxItems: reroutedPerCommandMax,
    description: 'Which reports; all that the version shows as open where absent',
  })
  @IsOptional()
  @IsArray({ message: 'must be a list' })
  @ArrayMinSize(1, { message: 'must name a report' })
  @ArrayMaxSize(reroutedPerCommandMax, { message: `must name at most ${reroutedPerCommandMax.toLocaleString('en')} reports` })
  @OneLine(128, { each: true })
  reportIds?: string[];
}

/** Triage's own command: reports are classified, and go to the team that owns the reason. */
@ApiTags('casework')
@Controller('v1/cases/:caseId')
export class RerouteController {
  constructor(
    @Inject(CaseCommands) private readonly commands: CaseCommands,
    @Inject(SubscriberRuntime) private readonly runtime: SubscriberRuntime,
  ) {}

  @Post('reroute')
  @CommandRoute({
    operationId: 'rerouteReports',
    summary: 'Gives reports another reason. The team that owns it captures them as if they had been filed so.',
  })
  reroute(
    @Param() { caseId }: CaseParams,
    @SentBy() sender: Sender,
    @Body() { reason, reportIds }: RerouteBody,
  ): Promise<CommandAnswer> {
    return this.commands.give({
      ...{ caseId, sender },
      command: { kind: 'reroute', reason, ...(reportIds == null ? {} : { reportIds }) },
      find: async (background) => ({ reports: await this.reportsOf(caseId, reportIds ?? idsOf(background)) }),
    });
  }

  private async reportsOf(caseId: string, reportIds: readonly string[]): Promise<readonly RoutedReport[]> {
    const rows = await this.runtime.views.getMany([...new Set(reportIds)].map((reportId) => attachmentRow(caseId, reportId)));
    return rows.flatMap((row) => (row === undefined ? [] : [routedReport(row.value as unknown as AttachmentOfAnyGeneration)]));
  }
}

const idsOf = ({ openReports }: CaseBackground): readonly string[] =>
  openReports.slice(0, reroutedPerCommandMax).map(({ reportId }) => reportId);
