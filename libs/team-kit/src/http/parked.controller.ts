import { Body, Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import {
  ApiProblems,
  decodeCursor,
  encodeCursor,
  PageQuery,
  pageOf,
  ProblemException,
  problems,
  Roles,
  ToInteger,
  type Page,
} from '@ringside/platform';
import { IsIn, IsInt, IsOptional, IsString, Length, Max, MaxLength, Min } from 'class-validator';

import { pageOfParked, recordsOf, withinBytes, type ParkedEvent } from '../parking.js';
import { SubscriberRuntime } from '../runtime.js';

/** A page ends early where its records would be larger than this. */
const pageRecordBytesMax = 8_388_608;

/** Keys and ids as they may lie in a log: others write there as well, without a key, or with one that no driver would take from here. */
const foreignCharactersMax = 21_845;

class ParkedSourceQuery extends PageQuery {
  @ApiProperty({ minLength: 1, maxLength: 128, example: 'reports' })
  @IsString({ message: 'must be a topic' })
  @Length(1, 128, { message: 'must be a topic' })
  topic!: string;

  @ApiProperty({ type: 'integer', minimum: 0, maximum: 1_023, example: 0 })
  @ToInteger()
  @IsInt({ message: 'must be a whole number' })
  @Min(0, { message: 'must be a whole number' })
  @Max(1_023, { message: 'must be at most 1,023' })
  partition!: number;
}

class ParkedCommandDto {
  @ApiProperty({ enum: ['retry', 'discard'] })
  @IsIn(['retry', 'discard'], { message: 'must be retry or discard' })
  action!: 'retry' | 'discard';

  @ApiProperty({ minLength: 1, maxLength: 128, example: 'reports' })
  @IsString({ message: 'must be a topic' })
  @Length(1, 128, { message: 'must be a topic' })
  topic!: string;

  @ApiProperty({ type: 'integer', minimum: 0, maximum: 1_023, example: 0 })
  @IsInt({ message: 'must be a whole number' })
  @Min(0, { message: 'must be a whole number' })
  @Max(1_023, { message: 'must be at most 1,023' })
  partition!: number;

  @ApiProperty({
    maxLength: foreignCharactersMax,
    description: 'The key whose events are parked; empty for those without a key',
    example: 'player-4711',
  })
  @IsString({ message: 'must be a string' })
  @MaxLength(foreignCharactersMax, { message: 'must be at most 21,845 characters' })
  key!: string;

  @ApiProperty({
    required: false,
    maxLength: foreignCharactersMax,
    description: 'With discard: the event to give up, which must be the first of its key',
  })
  @IsOptional()
  @IsString({ message: 'must be a string' })
  @MaxLength(foreignCharactersMax, { message: 'must be at most 21,845 characters' })
  eventId?: string;
}

class ParkedEventDto {
  @ApiProperty()
  topic!: string;

  @ApiProperty({ type: 'integer' })
  partition!: number;

  @ApiProperty()
  key!: string;

  @ApiProperty()
  eventId!: string;

  @ApiProperty()
  position!: string;

  @ApiProperty({ enum: ['malformed', 'projection', 'reaction', 'behind', 'gap', 'not_allowed'] })
  reason!: string;

  @ApiProperty()
  detail!: string;

  @ApiProperty()
  reactionOnly!: boolean;

  @ApiProperty({ description: 'Orders the parked events of one key' })
  place!: string;

  @ApiProperty({ type: 'integer', description: 'Length of the record' })
  bytes!: number;

  @ApiProperty({
    description: 'The record as the log holds it, in base64; in a ring empty where it may not be here (`not_allowed`)',
  })
  rawBase64!: string;
}

class ParkedPageDto extends pageOf(ParkedEventDto) {}

class ParkedOutcomeDto {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Events that went through' })
  retried!: number;
}

/** Events that could not be processed, for the engineers of the service. */
@ApiTags('operations')
@Controller('v1/parked')
export class ParkedController {
  constructor(@Inject(SubscriberRuntime) private readonly runtime: SubscriberRuntime) {}

  @Get()
  @Roles('platform', 'lead')
  @ApiOperation({ summary: 'Parked events of a source partition, key by key, oldest first.', operationId: 'listParked' })
  @ApiOkResponse({ type: ParkedPageDto })
  @ApiProblems(400)
  async list(
    @Query() { topic, partition, limit, cursor }: ParkedSourceQuery,
  ): Promise<Page<Omit<ParkedEvent, 'tried'> & { readonly rawBase64: string }>> {
    const { views, subscriber } = this.runtime;
    const list = `${subscriber.name}/parked/${topic}/${partition}`;
    const after = decodeCursor(list, cursor);
    const options = { limit: limit + 1, ...(after === undefined ? {} : { after }) };
    const parked = await pageOfParked(views, { topic, partition }, options);
    const page = withinBytes(parked.slice(0, limit), pageRecordBytesMax);
    const records = await recordsOf(views, page);
    const isRing = subscriber.placement.tenant !== undefined;
    const items = page.map(({ tried: _, ...one }, i) => {
      // What policy keeps out of this region, or of this team's hands, is nobody's to read because it came all the same.
      const bytes = isRing && one.reason === 'not_allowed' ? '' : records[i]!.bytes;
      return { ...one, rawBase64: Buffer.from(bytes).toString('base64') };
    });
    return { items, nextCursor: parked.length > page.length ? encodeCursor(list, page.at(-1)!.place) : null };
  }

  @Post()
  @Roles('platform', 'lead')
  @HttpCode(200)
  @ApiOperation({ summary: 'Retries the parked events of a key, or gives its first one up.', operationId: 'handleParked' })
  @ApiOkResponse({ type: ParkedOutcomeDto })
  @ApiProblems(400, 409, 413, 415)
  async handle(@Body() { action, topic, partition, key, eventId }: ParkedCommandDto): Promise<ParkedOutcomeDto> {
    const { processor, server } = this.runtime;
    if (!server.assigned(topic).includes(partition)) throw new ProblemException(problems.conflict, refusals.fenced);
    const at = { topic, partition, key };
    const outcome = action === 'retry' ? await processor.retry(at) : await processor.discard(at, eventId ?? '');
    if (typeof outcome === 'number') return { retried: outcome };
    if (outcome === 'discarded') return { retried: 0 };
    throw new ProblemException(problems.conflict, refusals[outcome]);
  }
}

const refusals = {
  fenced: 'Another process holds this partition now: send it there, or again later.',
  unsettled: 'Events of this partition that were under way when it was taken over are not through yet: send it again later.',
  not_first: 'The eventId is not that of the first parked event of this key, nor of one that is not allowed.',
} as const;
