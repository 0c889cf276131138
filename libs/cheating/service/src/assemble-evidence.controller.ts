import { Body, Controller, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { AssembleEvidence } from '@ringside/cheating-domain';
import { isoTime } from '@ringside/core';
import { SERVICE_CONFIG, type ServiceConfig } from '@ringside/platform';
import {
  CaseCommands,
  CaseParams,
  CommandRoute,
  SentBy,
  SubscriberRuntime,
  type CommandAnswer,
  type Sender,
} from '@ringside/team-kit';

import { AssembleEvidenceBody } from './assemble-evidence.dto.js';
import { replaysOnFile } from './replays-on-file.js';

/** The cheating team's own command: what a verdict may rest on. */
@ApiTags('casework')
@Controller('v1/cases/:caseId')
export class AssembleEvidenceController {
  constructor(
    @Inject(CaseCommands) private readonly commands: CaseCommands,
    @Inject(SubscriberRuntime) private readonly runtime: SubscriberRuntime,
    @Inject(SERVICE_CONFIG) private readonly config: Pick<ServiceConfig, 'region'>,
  ) {}

  @Post('assemble-evidence')
  @CommandRoute({
    operationId: 'assembleEvidence',
    summary: 'Puts together what a verdict may rest on: reports, telemetry windows, replays. Replaces what was there.',
  })
  assemble(
    @Param() { caseId }: CaseParams,
    @SentBy() sender: Sender,
    @Body() body: AssembleEvidenceBody,
  ): Promise<CommandAnswer> {
    const command = evidenceOf(body);
    return this.commands.give({
      ...{ caseId, sender, command },
      find: async () => {
        const replays = await replaysOnFile(this.runtime.views, caseId, command.replays);
        return { onFile: { region: this.config.region, replaysOf: [...replays.keys()] } };
      },
    });
  }
}

const momentOf = (time: string): string => isoTime(Date.parse(time));

/** Fields in one order, times as events have them: the same evidence is the same command. */
const evidenceOf = ({ reportIds, telemetry = [], replays = [] }: AssembleEvidenceBody) =>
  ({
    kind: 'assemble_evidence',
    reportIds,
    telemetry: telemetry.map(({ reportId, from, to, finding }) => ({
      ...{ reportId, from: momentOf(from), to: momentOf(to) },
      finding,
    })),
    replays: replays.map(({ reportId }) => ({ reportId })),
  }) satisfies Omit<AssembleEvidence, 'onFile'>;
