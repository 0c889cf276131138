import { Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiConsumes, ApiHeader, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { appealFormSchema } from '@ringside/intake-domain';
import { ApiProblems } from '@ringside/platform';
import { SubscriberRuntime } from '@ringside/team-kit';
import type { FastifyRequest } from 'fastify';
import { fileAppeal, type AppealReceipt } from './file-appeal.js';
import { keyFaults, type Intake } from './file-report.js';
import { INTAKE } from './tokens.js';

class AppealReceiptDto {
  @ApiProperty({ format: 'uuid', example: '019c1384-d400-7a3b-9f21-3a1b2c3d4e5f' })
  appealId!: string;
}

const exampleAppeal = {
  playerId: 'player-2002',
  decisionId: 'Zk0c1wTqSx2Yb5c9VZ8b2A.4',
  statement: 'My brother played on my account that evening.',
};

/** Where players object to decisions about them. */
@ApiTags('appeals')
@Controller('v1/appeals')
export class AppealsController {
  constructor(
    @Inject(INTAKE) private readonly intake: Intake,
    private readonly runtime: SubscriberRuntime,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Object to a decision, within six months. Answered once it is durable.', operationId: 'fileAppeal' })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: "The same body under the same key gives the same appeal, another body 409. Keys are each caller's own.",
    schema: { type: 'string', minLength: 1, maxLength: 128, pattern: '^[\\x21-\\x7e]+$' },
  })
  @ApiConsumes('application/json')
  @ApiBody({ required: true, schema: appealFormSchema(), examples: { appeal: { value: exampleAppeal } } })
  @ApiAcceptedResponse({ type: AppealReceiptDto })
  @ApiProblems(400, 404, 409, 413, 415, 421, 422)
  async file(@Req() { body, headers, caller }: FastifyRequest): Promise<AppealReceipt> {
    const { views } = this.runtime;
    const idempotencyKey = headers['idempotency-key'] as string | undefined;
    const sender = { idempotencyKey, caller: caller?.sub };
    const filed = await fileAppeal(this.intake, views, { ...sender, body, faults: keyFaults(idempotencyKey) });
    if (!filed.ok) throw filed.error;
    return filed.value;
  }
}
