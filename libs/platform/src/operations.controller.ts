import { Controller, Get, HttpCode, Inject, Res } from '@nestjs/common';
import {
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiProperty,
  ApiPropertyOptional,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Registry } from 'prom-client';
import { Readiness } from './readiness.js';
import { METRICS } from './tokens.js';

class LivenessDto {
  @ApiProperty({ enum: ['ok'] })
  status!: 'ok';
}

class ReadinessDto {
  @ApiProperty({ enum: ['ok', 'error', 'shutting_down'] })
  status!: string;

  @ApiProperty({ type: 'object', additionalProperties: true, example: { driver: 'embedded', status: 'up' } })
  eventLog!: object;

  @ApiProperty({ type: 'object', additionalProperties: true, example: { driver: 'embedded', status: 'up' } })
  viewStore!: object;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'What the service consumes, and the partitions that this process holds',
  })
  subscriptions?: object;
}

/** What the operators of a service ask of it. */
@ApiTags('operations')
@Controller()
export class OperationsController {
  constructor(
    private readonly readiness: Readiness,
    @Inject(METRICS) private readonly metrics: Registry,
  ) {}

  @Get('health/live')
  @HttpCode(200)
  @ApiOperation({ summary: 'Whether the process runs. Asks no dependency.' })
  @ApiOkResponse({ type: LivenessDto })
  live(): LivenessDto {
    return { status: 'ok' };
  }

  @Get('health/ready')
  @ApiOperation({ summary: 'Whether the service can do its work, with the state of the log and the store.' })
  @ApiOkResponse({ type: ReadinessDto })
  @ApiResponse({ status: 503, type: ReadinessDto, description: 'Not ready, or shutting down' })
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const { status, parts } = await this.readiness.report();
    await reply.code(status === 'ok' ? 200 : 503).send({ status, ...parts });
  }

  @Get('metrics')
  @ApiOperation({ summary: 'Metrics in the text format of Prometheus.' })
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  async prometheus(@Res() reply: FastifyReply): Promise<void> {
    await reply.header('content-type', this.metrics.contentType).send(await this.metrics.metrics());
  }
}
