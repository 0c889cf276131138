import { Controller, Get, Headers, Inject, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { mapOf, mermaidOf, svgOf, whereIs, type Placement, type RingPolicy, type WhereIs } from '@ringside/data-ring';
import { ApiProblems, PLACEMENT } from '@ringside/platform';
import { SubscriberRuntime } from '@ringside/team-kit';
import { IsIn, IsOptional, IsString, Length } from 'class-validator';
import type { FastifyReply } from 'fastify';

import { Convergence } from '../convergence/convergence.js';
import { overviewOf, type RingOverview } from '../overview.js';
import { termsOf } from '../terms/promote.js';
import { RingDto, WhereIsDto } from './ring.dto.js';
import { POLICY, policyOf } from './tokens.js';

const formats = ['svg', 'mermaid'] as const;
const contentTypes = { svg: 'image/svg+xml; charset=utf-8', mermaid: 'text/vnd.mermaid; charset=utf-8' } as const;

class MapQuery {
  @ApiPropertyOptional({ enum: formats, description: 'By the header Accept where absent; svg where that takes both' })
  @IsOptional()
  @IsIn(formats, { message: 'must be svg or mermaid' })
  format?: (typeof formats)[number];
}

class WhereQuery {
  @ApiProperty({
    minLength: 1,
    maxLength: 200,
    description: 'An event, a field, a topic or a view',
    example: 'ReportEvidenceFiled.description',
  })
  @IsString({ message: 'must be given once' })
  @Length(1, 200, { message: 'must be 1 to 200 characters' })
  what!: string;
}

/** The ring as its policy has it, and as this region sees it. */
@ApiTags('ring')
@Controller('v1/ring')
export class RingController {
  constructor(
    @Inject(POLICY) private readonly policy: RingPolicy | undefined,
    @Inject(PLACEMENT) private readonly placement: Placement,
    @Inject(Convergence) private readonly convergence: Convergence,
    @Inject(SubscriberRuntime) private readonly runtime: SubscriberRuntime,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'getRing',
    summary: 'Regions, zones, who has what, who serves which home, and the links as seen.',
  })
  @ApiOkResponse({ type: RingDto })
  async ring(): Promise<RingOverview> {
    const { policy, placement } = this;
    const terms = await termsOf(this.runtime.views, placement);
    return overviewOf({ policy, placement, terms, peers: this.convergence.states() });
  }

  @Get('map')
  @ApiOperation({ operationId: 'getRingMap', summary: 'The ring as a picture: regions, zones and flows.' })
  @ApiProduces('image/svg+xml', 'text/vnd.mermaid')
  @ApiOkResponse({ schema: { type: 'string' } })
  @ApiProblems(400, 409)
  map(
    @Query() { format }: MapQuery,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): string {
    const map = mapOf(policyOf(this.policy));
    const wanted = format ?? (/mermaid|text\/plain/.test(accept ?? '') ? 'mermaid' : 'svg');
    void reply.header('content-type', contentTypes[wanted]);
    return wanted === 'svg' ? svgOf(map) : mermaidOf(map);
  }

  @Get('where')
  @ApiOperation({ operationId: 'whereIs', summary: 'Where an event, a field, a topic or a view may be, and by what right.' })
  @ApiOkResponse({ type: WhereIsDto })
  @ApiProblems(400, 409)
  where(@Query() { what }: WhereQuery): WhereIs {
    return whereIs(policyOf(this.policy), what);
  }
}
