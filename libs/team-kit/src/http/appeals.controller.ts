import { Body, Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  appealOf,
  appealRow,
  appealTables,
  filedAppealRow,
  versionOf,
  type AppealOnFile,
  type FiledAppeal,
} from '@ringside/casework';
import { ApiProblems, decodeCursor, encodeCursor, ProblemException, problems, type Page } from '@ringside/platform';

import { CaseCommands, type CommandAnswer } from '../casework/case-commands.js';
import { CaseReader } from '../casework/case-reader.js';
import { SentBy, type Sender } from '../casework/sender.js';
import { SubscriberRuntime } from '../runtime.js';
import { AppealInFullDto, AppealListQuery, AppealPageDto, AppealParams } from './appeals.dto.js';
import { DecideAppealBody } from './case-commands.dto.js';
import { CommandRoute } from './command-route.js';
import { ReadsOwnWrites } from './min-version.js';

/** Objections of players to decisions about them. */
@ApiTags('casework')
@Controller('v1/appeals')
export class AppealsController {
  constructor(
    @Inject(CaseCommands) private readonly commands: CaseCommands,
    @Inject(CaseReader) private readonly reader: CaseReader,
    @Inject(SubscriberRuntime) private readonly runtime: SubscriberRuntime,
  ) {}

  @Get()
  @ReadsOwnWrites()
  @ApiOperation({ operationId: 'listAppeals', summary: 'Appeals against decisions of this team, oldest first.' })
  @ApiOkResponse({ type: AppealPageDto })
  @ApiProblems(400)
  async list(@Query() { state, limit, cursor }: AppealListQuery): Promise<Page<AppealOnFile>> {
    const { views, subscriber } = this.runtime;
    const list = `${subscriber.name}/appeals/${state}`;
    const after = decodeCursor(list, cursor);
    const options = { limit: limit + 1, ...(after === undefined ? {} : { after }) };
    const rows = await views.page(appealTables.lists, state, options);
    const page = rows.slice(0, limit);
    const appeals = await views.getMany(page.map(({ value }) => appealRow(value['appealId'] as string)));
    const items = appeals.flatMap((row) => (row === undefined ? [] : [row.value as unknown as AppealOnFile]));
    return { items, nextCursor: rows.length > limit ? encodeCursor(list, page.at(-1)!.key) : null };
  }

  @Get(':appealId')
  @ApiOperation({ operationId: 'getAppeal', summary: 'One appeal, with what the player wrote, where this region has it.' })
  @ApiOkResponse({ type: AppealInFullDto })
  @ApiProblems(400, 404, 421)
  async get(
    @Param() { appealId }: AppealParams,
    @Res({ passthrough: true }) reply: { header(name: string, value: string): unknown },
  ): Promise<object> {
    const onFile = await this.onFile(appealId);
    const served = await this.commands.caseServed(onFile.caseId);
    const work = await this.reader.current(served);
    const record = appealOf(work, appealId);
    if (record === undefined) throw noSuchAppeal();
    const version = versionOf({ streamVersion: work.version, revision: served.file.revision });
    reply.header('etag', `"${version}"`);
    return { ...onFile, ...record, statement: await this.statementOf(appealId), version };
  }

  @Post(':appealId/decide')
  @CommandRoute({
    operationId: 'decideAppeal',
    summary: 'Decides an appeal. Not for whoever made or approved the decision.',
    ifMatch: 'optional',
  })
  async decide(
    @Param() { appealId }: AppealParams,
    @SentBy('optional') sender: Sender,
    @Body() { outcome, facts }: DecideAppealBody,
  ): Promise<CommandAnswer> {
    const { caseId } = await this.onFile(appealId);
    return this.commands.give({ caseId, sender, command: { kind: 'decide_appeal', appealId, outcome, facts } });
  }

  private async statementOf(appealId: string): Promise<string | null> {
    const filed = (await this.runtime.views.get(filedAppealRow(appealId))) as FiledAppeal | undefined;
    return filed?.statement ?? null;
  }

  private async onFile(appealId: string): Promise<AppealOnFile> {
    const row = await this.runtime.views.get(appealRow(appealId));
    if (row === undefined) throw noSuchAppeal();
    return row as unknown as AppealOnFile;
  }
}

const noSuchAppeal = (): ProblemException => new ProblemException(problems.notFound, 'This team has no such appeal.');
