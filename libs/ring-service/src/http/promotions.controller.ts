import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import type { Placement } from '@ringside/data-ring';
import { termsMax } from '@ringside/events';
import { ApiProblems, Caller, PLACEMENT, ProblemException, problems, type Identity } from '@ringside/platform';
import { SubscriberRuntime } from '@ringside/team-kit';
import { IsBoolean, IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';

import { termsOf, type HomeTerms, type Promoted, type Promotion, type PromotionRefusal } from '../terms/promote.js';
import { PROMOTE, type Promote } from './tokens.js';

class PromotionDto {
  @ApiProperty({
    minLength: 1,
    maxLength: 32,
    description: 'The region whose cases are to be worked elsewhere, or by itself again',
    example: 'eu',
  })
  @IsString({ message: 'must be a region' })
  @Length(1, 32, { message: 'must be a region' })
  home!: string;

  @ApiProperty({ minLength: 1, maxLength: 32, description: 'One of its successors, or itself', example: 'us' })
  @IsString({ message: 'must be a region' })
  @Length(1, 32, { message: 'must be a region' })
  servedBy!: string;

  @ApiProperty({ minLength: 1, maxLength: 256, example: 'Frankfurt is without power.' })
  @IsString({ message: 'must be a sentence' })
  @Length(1, 256, { message: 'must be 1 to 256 characters' })
  @Matches(/^[^\p{Cc}\p{Cs}]*$/u, { message: 'must be on one line, without control characters' })
  reason!: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: termsMax,
    description: 'The term that this is to be: 409 when another came first',
  })
  @IsOptional()
  @IsInt({ message: 'must be a whole number' })
  @Min(1, { message: 'must be at least 1' })
  @Max(termsMax, { message: `must be at most ${termsMax}` })
  term?: number;

  @ApiPropertyOptional({
    default: false,
    description:
      'Gives a home back though its region may not have what was done in its place: what was decided there since is lost',
  })
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  force?: boolean;
}

class ServingTermDto {
  @ApiProperty({ example: 'eu' })
  home!: string;

  @ApiProperty({ example: 'us' })
  servedBy!: string;

  @ApiProperty({ type: 'integer', minimum: 1 })
  term!: number;

  @ApiProperty({ description: 'Who decided it' })
  by!: string;

  @ApiProperty()
  reason!: string;

  @ApiProperty({ format: 'date-time' })
  promotedAt!: string;

  @ApiProperty({ format: 'uuid' })
  eventId!: string;
}

class PromotedDto extends ServingTermDto {
  @ApiProperty({ description: 'Whether this region’s views have it yet' })
  isInViews!: boolean;
}

class HomeTermsDto {
  @ApiProperty({ example: 'eu' })
  home!: string;

  @ApiProperty({ description: 'The region that works its cases now', example: 'us' })
  servedBy!: string;

  @ApiProperty({ type: 'integer', minimum: 0, description: '0 as long as nobody was promoted' })
  term!: number;

  @ApiProperty({ type: [ServingTermDto], description: 'The latest first' })
  history!: readonly ServingTermDto[];
}

class TermsDto {
  @ApiProperty({ type: [HomeTermsDto] })
  items!: readonly HomeTermsDto[];
}

/** Which region works whose cases. */
@ApiTags('ring')
@Controller('v1/ring')
export class PromotionsController {
  constructor(
    @Inject(PROMOTE) private readonly promoteRegion: Promote,
    @Inject(SubscriberRuntime) private readonly runtime: SubscriberRuntime,
    @Inject(PLACEMENT) private readonly placement: Placement,
  ) {}

  @Get('terms')
  @ApiOperation({
    operationId: 'listTerms',
    summary: 'Which region works the cases of each home, in which term, and since when.',
  })
  @ApiOkResponse({ type: TermsDto })
  async terms(): Promise<{ items: readonly HomeTerms[] }> {
    return { items: await termsOf(this.runtime.views, this.placement) };
  }

  @Post('promotions')
  @HttpCode(201)
  @ApiOperation({
    operationId: 'promoteRegion',
    summary: 'Lets another region work the cases of a home, in a new term. What its predecessor still decides has no effect.',
  })
  @ApiCreatedResponse({ type: PromotedDto })
  @ApiProblems(400, 409, 413, 415, 422)
  async promote(
    @Body() { home, servedBy, reason, term, force }: PromotionDto,
    @Caller() { sub: by }: Identity,
  ): Promise<Promoted> {
    const promotion: Promotion = { home, servedBy, reason, term, force, by };
    const outcome = await this.promoteRegion(promotion);
    if (!outcome.ok) throw problemOf(outcome.error);
    return outcome.value;
  }
}

function problemOf({ code, message, serving: { servedBy, term } }: PromotionRefusal): ProblemException {
  if (code === 'raced' || code === 'serves_already' || code === 'not_compared') {
    return new ProblemException(problems.conflict, message, { extensions: { servedBy, term } });
  }
  const pointer = { unknown_home: '/home', not_concerned: '/home', no_successor: '/servedBy', terms_exhausted: '/home' }[code];
  return new ProblemException(problems.unprocessable, message, { errors: [{ pointer, detail: message }] });
}
