import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { CaseFile, CaseRules, CaseStatus } from '@ringside/casework';
import { isoTime, type Clock, type IsoTime } from '@ringside/core';
import { ApiProblems, CLOCK, decodeCursor, encodeCursor, ProblemException, problems, type Page } from '@ringside/platform';

import { caseAt } from '../case-at.js';
import { caseById, caseView, evidenceOfCase, listCases, reportsOfCase, timelineOfCase } from '../case-queries.js';
import type { CaseView, ListPage, RowsQuery } from '../case-queries.js';
import { SubscriberRuntime } from '../runtime.js';
import type { Views } from '../views.js';
import {
  CaseAtQuery,
  CaseDto,
  CaseListQuery,
  CasePageDto,
  CaseParams,
  CasePartQuery,
  CaseReportPageDto,
  EvidencePageDto,
  TimelinePageDto,
} from './cases.dto.js';
import { ReadsOwnWrites } from './min-version.js';
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
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @ReadsOwnWrites()
  @ApiOperation({ summary: "This team's cases, in the order asked for.", operationId: 'listCases' })
  @ApiOkResponse({ type: CasePageDto })
  @ApiProblems(400)
  async list(@Query() query: CaseListQuery): Promise<Page<CaseView>> {
    const { reason, game, assignee, sort, limit, cursor } = query;
    const status = query.status ?? defaultStatus(assignee);
    const list = `${this.rules.team}/cases/${JSON.stringify([status, reason, game, assignee, sort])}`;
    const after = decodeCursor(list, cursor);
    const { items, next } = await listCases(
      { views: this.views, rules: this.rules, at: this.now() },
      {
        statuses: statusesFor(status, assignee),
        sort,
        limit,
        ...(reason === undefined ? {} : { reason }),
        ...(game === undefined ? {} : { game }),
        ...(assignee === undefined ? {} : { assignee }),
        ...(after === undefined ? {} : { after }),
      },
    );
    return { items, nextCursor: next === null ? null : encodeCursor(list, next) };
  }

  @Get(':caseId')
  @ReadsOwnWrites()
  @ApiOperation({ summary: 'One case, as it is or as it stood at a time.', operationId: 'getCase' })
  @ApiOkResponse({ type: CaseDto, headers: { ETag: { description: 'The version', schema: { type: 'string' } } } })
  @ApiProblems(400, 404)
  async get(
    @Param() { caseId }: CaseParams,
    @Query() { at }: CaseAtQuery,
    @Res({ passthrough: true }) reply: Headers,
  ): Promise<CaseView> {
    const now = this.now();
    const time = at === undefined ? now : isoTime(Math.min(Date.parse(at), Date.parse(now)));
    const file =
      at === undefined
        ? await this.existing(caseId)
        : found(await caseAt(this.views, this.rules, caseId, time), 'There was no such case at that time.');
    const view = caseView(file, this.rules, time);
    reply.header('etag', `"${view.version}"`);
    return view;
  }

  @Get(':caseId/reports')
  @ReadsOwnWrites()
  @ApiOperation({ summary: 'The reports of a case, in the order of their filing.', operationId: 'listCaseReports' })
  @ApiOkResponse({ type: CaseReportPageDto })
  @ApiProblems(400, 404)
  reports(@Param() { caseId }: CaseParams, @Query() query: CasePartQuery): Promise<Page<object>> {
    return this.page(caseId, 'reports', query, reportsOfCase);
  }

  @Get(':caseId/timeline')
  @ReadsOwnWrites()
  @ApiOperation({ summary: 'Everything that happened to a case, oldest first.', operationId: 'listCaseTimeline' })
  @ApiOkResponse({ type: TimelinePageDto })
  @ApiProblems(400, 404)
  timeline(@Param() { caseId }: CaseParams, @Query() query: CasePartQuery): Promise<Page<object>> {
    return this.page(caseId, 'timeline', query, timelineOfCase);
  }

  @Get(':caseId/evidence')
  @ReadsOwnWrites()
  @ApiOperation({
    summary: 'What the reporters sent along, as far as it was filed in this region.',
    operationId: 'listCaseEvidence',
  })
  @ApiOkResponse({ type: EvidencePageDto })
  @ApiProblems(400, 404)
  evidence(@Param() { caseId }: CaseParams, @Query() query: CasePartQuery): Promise<Page<object>> {
    return this.page(caseId, 'evidence', query, evidenceOfCase);
  }

  private now(): IsoTime {
    return isoTime(this.clock());
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
    { limit, cursor }: CasePartQuery,
    read: (views: Views, caseId: string, query: RowsQuery) => Promise<ListPage<T>>,
  ): Promise<Page<T>> {
    const list = `${this.rules.team}/cases/${caseId}/${part}`;
    const after = decodeCursor(list, cursor);
    await this.existing(caseId);
    const { items, next } = await read(this.views, caseId, { limit, ...(after === undefined ? {} : { after }) });
    return { items, nextCursor: next === null ? null : encodeCursor(list, next) };
  }
}

/** Of a list that is asked for without a status. */
export const defaultStatus = (assignee: string | undefined): CaseStatus => (assignee === undefined ? 'open' : 'claimed');

/** Only a case that somebody holds has an assignee. */
export function statusesFor(status: CaseStatus | 'all', assignee: string | undefined): readonly CaseStatus[] {
  const all: readonly CaseStatus[] = assignee === undefined ? ['open', 'claimed', 'decided'] : ['claimed'];
  return status === 'all' ? all : all.filter((one) => one === status);
}

function found<T>(value: T | undefined, detail: string): T {
  if (value === undefined) throw new ProblemException(problems.notFound, detail);
  return value;
}
