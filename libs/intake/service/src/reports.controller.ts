import { Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiConsumes,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import { reportReasons } from '@ringside/events';
import { reportFormSchema, type ReportStatus } from '@ringside/intake-domain';
import { ApiProblems, Direct, ProblemException, problems } from '@ringside/platform';
import { SubscriberRuntime } from '@ringside/team-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { fileReport, keyFaults, type Intake, type Sender } from './file-report.js';
import { batchContentType, fileBatch } from './report-batch.js';
import { readReportStatus } from './report-status.js';
import { exampleBatch, exampleForm, ReasonDto, ReceiptDto, ReportStatusDto } from './reports.dto.js';
import { INTAKE } from './tokens.js';

const IdempotencyKey = (description: string) =>
  ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description,
    schema: { type: 'string', minLength: 1, maxLength: 128, pattern: '^[\\x21-\\x7e]+$' },
  });

const senderOf = ({ headers, caller }: FastifyRequest): Sender => ({
  idempotencyKey: headers['idempotency-key'] as string | undefined,
  caller: caller?.sub,
});

@ApiTags('reports')
@Controller('v1')
export class ReportsController {
  constructor(
    @Inject(INTAKE) private readonly intake: Intake,
    private readonly runtime: SubscriberRuntime,
  ) {}

  // The hot path: the body goes through the form's compiled contract, and nothing of Nest's is in the way.
  @Direct()
  @Post('reports')
  @HttpCode(202)
  @ApiOperation({ summary: 'File a report. Answered once it is durable.' })
  @IdempotencyKey("The same body under the same key gives the same report, another body 409. Keys are each caller's own.")
  @ApiConsumes('application/json')
  @ApiBody({ required: true, schema: reportFormSchema(), examples: { report: { value: exampleForm } } })
  @ApiAcceptedResponse({
    type: ReceiptDto,
    headers: { Location: { description: 'Where the report can be followed', schema: { type: 'string' }, required: true } },
  })
  @ApiProblems(400, 409, 413, 415, 422)
  async file(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    this.runtime.prepared();
    const { idempotencyKey, caller } = senderOf(request);
    const faults = keyFaults(idempotencyKey);
    const filed = await fileReport(this.intake, { body: request.body, idempotencyKey, caller, faults });
    if (!filed.ok) throw filed.error;
    const { reportId } = filed.value;
    reply
      .code(202)
      .header('location', `/v1/reports/${reportId}`)
      .header('content-type', 'application/json; charset=utf-8')
      .send(`{"reportId":"${reportId}","status":"received"}`);
  }

  @Post('reports::batch')
  @HttpCode(200)
  @ApiOperation({ summary: 'File many reports, one on each line: each is accepted or refused on its own.' })
  @IdempotencyKey(
    'Holds line by line: the same line in the same place under the same key gives the same report; another one there is answered ' +
      '409 on its own line, and the rest is taken.',
  )
  @ApiConsumes(batchContentType)
  @ApiProduces(batchContentType)
  @ApiBody({
    required: true,
    schema: { type: 'string', minLength: 1, description: 'At most 1,000 lines of at most 64 KiB each, 8 MiB together' },
    examples: { reports: { value: exampleBatch } },
  })
  @ApiOkResponse({
    description:
      'One JSON line for each line of the request: `{ line, status: 202, reportId }`, or `line` and a problem document',
    schema: { type: 'string' },
  })
  @ApiProblems(400, 413, 415)
  async fileBatch(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    this.runtime.prepared();
    const results = await fileBatch(this.intake, request.body as Buffer, senderOf(request));
    await reply.code(200).header('content-type', batchContentType).send(Buffer.from(results));
  }

  @Get('reports/:reportId')
  @ApiOperation({ summary: 'What the reporter may know of a report.' })
  @ApiParam({ name: 'reportId', schema: { type: 'string' } })
  @ApiOkResponse({ type: ReportStatusDto })
  @ApiProblems(400, 404, 414)
  async status(@Param('reportId') reportId: string): Promise<ReportStatus> {
    const status = await readReportStatus(this.intake, this.runtime.views, reportId);
    if (status === undefined) throw new ProblemException(problems.notFound, 'There is no report with this id.');
    return status;
  }

  @Get('report-reasons')
  @ApiOperation({ summary: 'The options of the report dialog, in its order.' })
  @ApiOkResponse({ type: [ReasonDto] })
  reasons(): typeof reportReasons {
    return reportReasons;
  }
}
