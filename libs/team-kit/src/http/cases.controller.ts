import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { CaseFile, CaseRules } from '@ringside/casework';
import { isoTime } from '@ringside/core';
import { ApiProblems, decodeCursor, encodeCursor, PageQuery, ProblemException, problems, type Page } from '@ringside/platform';

import { caseAt, caseById, caseView, evidenceOfCase, listCases, reportsOfCase, timelineOfCase } from '../case-queries.js';
import type { CaseView, ListPage, RowsQuery } from '../case-queries.js';
import { SubscriberRuntime } from '../runtime.js';
import type { Views } from '../views.js';
import {
  CaseAtQuery,
  CaseDto,
  CaseListQuery,
  CasePageDto,
  CaseParams,
  CaseReportPageDto,
  EvidencePageDto,
  TimelinePageDto,
} from './cases.dto.js';
import { CASE_RULES } from './tokens.js';

/** Where the answer's headers are set; Fastify's reply. */
interface Headers {
  header(name: string, value: string): unknown;
}

/** The read side of a team's cases. */
@ApiTags('cases')
@Controller('v1/cases')
export class CasesController {
  constructor(
    @Inject(SubscriberRuntime) private readonly runtime: SubscriberRuntime,
    @Inject(CASE_RULES) private readonly rules: CaseRules,
  ) {}

  @Get()
  @ApiOperation({ summary: "This team's cases, in the order asked for.", operationId: 'listCases' })
  @ApiOkResponse({ type: CasePageDto })
  @ApiProblems(400)
  async list(@Query() query: CaseListQuery): Promise<Page<CaseView>> {
    const { status, reason, game, assignee, sort, limit, cursor } = query;
    const list = `cases/${JSON.stringify([status, reason, game, assignee, sort])}`;
    const after = decodeCursor(list, cursor);
    // Nobody can claim a case yet, so that none is claimed and none has an assignee.
    if (assignee !== undefined || status === 'claimed') return { items: [], nextCursor: null };
    const { items, next } = await listCases(this.views, this.rules, {
      statuses: status === 'all' ? ['open', 'decided'] : [status],
      sort,
      limit,
      ...(reason === undefined ? {} : { reason }),
      ...(game === undefined ? {} : { game }),
      ...(after === undefined ? {} : { after }),
    });
    return { items, nextCursor: next === null ? null : encodeCursor(list, next) };
  }

  @Get(':caseId')
  @ApiOperation({ summary: 'One case, as it is or as it stood at a time.', operationId: 'getCase' })
  @ApiOkResponse({ type: CaseDto, headers: { ETag: { description: 'The version', schema: { type: 'string' } } } })
  @ApiProblems(400, 404)
  async get(
    @Param() { caseId }: CaseParams,
    @Query() { at }: CaseAtQuery,
    @Res({ passthrough: true }) reply: Headers,
  ): Promise<CaseView> {
    const file =
      at === undefined
        ? await this.existing(caseId)
        : found(await caseAt(this.views, this.rules, caseId, isoTime(Date.parse(at))), 'There was no such case at that time.');
    reply.header('etag', `"${file.version}"`);
    return caseView(file, this.rules);
  }

  @Get(':caseId/reports')
  @ApiOperation({ summary: 'The reports of a case, in the order of their filing.', operationId: 'listCaseReports' })
  @ApiOkResponse({ type: CaseReportPageDto })
  @ApiProblems(400, 404)
  reports(@Param() { caseId }: CaseParams, @Query() query: PageQuery): Promise<Page<object>> {
    return this.page(caseId, 'reports', query, reportsOfCase);
  }

  @Get(':caseId/timeline')
  @ApiOperation({ summary: 'Everything that happened to a case, oldest first.', operationId: 'listCaseTimeline' })
  @ApiOkResponse({ type: TimelinePageDto })
  @ApiProblems(400, 404)
  timeline(@Param() { caseId }: CaseParams, @Query() query: PageQuery): Promise<Page<object>> {
    return this.page(caseId, 'timeline', query, timelineOfCase);
  }

  @Get(':caseId/evidence')
  @ApiOperation({
    summary: 'What the reporters sent along, as far as it was filed in this region.',
    operationId: 'listCaseEvidence',
  })
  @ApiOkResponse({ type: EvidencePageDto })
  @ApiProblems(400, 404)
  evidence(@Param() { caseId }: CaseParams, @Query() query: PageQuery): Promise<Page<object>> {
    return this.page(caseId, 'evidence', query, evidenceOfCase);
  }

  private get views(): Views {
    return this.runtime.views;
  }

  private async existing(caseId: string): Promise<CaseFile> {
    return found(await caseById(this.views, caseId), 'This team has no such case.');
  }

  private async page<T>(
    caseId: string,
    part: string,
    { limit, cursor }: PageQuery,
    read: (views: Views, caseId: string, query: RowsQuery) => Promise<ListPage<T>>,
  ): Promise<Page<T>> {
    const list = `cases/${caseId}/${part}`;
    const after = decodeCursor(list, cursor);
    await this.existing(caseId);
    const { items, next } = await read(this.views, caseId, { limit, ...(after === undefined ? {} : { after }) });
    return { items, nextCursor: next === null ? null : encodeCursor(list, next) };
  }
}

function found<T>(value: T | undefined, detail: string): T {
  if (value === undefined) throw new ProblemException(problems.notFound, detail);
  return value;
}
