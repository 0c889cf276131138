import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { isUuidv7 } from '@ringside/core';
import type { Placement } from '@ringside/data-ring';
import type { EventLog } from '@ringside/event-log';
import {
  ApiProblems,
  Caller,
  EVENT_LOG,
  PLACEMENT,
  ProblemException,
  problems,
  Roles,
  type Identity,
} from '@ringside/platform';
import { SubscriberRuntime } from '@ringside/team-kit';
import { IsOptional, IsString, Length, Matches, MaxLength } from 'class-validator';

import { heldPageMax, recordBytesMax, recordsMax } from '../convergence/peer.js';
import { bucketsOf, daysOf, heldIn, type HeldEvent, type NamedTally } from '../holdings/held.js';
import { isBucket, sharedTopics, type HeldAt } from '../holdings/holdings.js';
import { recordsOf } from '../holdings/records.js';

class TopicQuery {
  @ApiProperty({ description: 'A topic of the log that other regions share', example: 'cases.eu' })
  @IsString({ message: 'must be a topic' })
  @Length(1, 128, { message: 'must be a topic' })
  topic!: string;
}

class DigestsQuery extends TopicQuery {
  @ApiPropertyOptional({
    pattern: '^[+0-9][0-9-]{9,14}$',
    description: 'The buckets of this day (UTC); the days of the topic where absent',
    example: '2026-01-31',
  })
  @IsOptional()
  @IsString({ message: 'must be a day such as 2026-01-31' })
  @Matches(/^[+\d][\d-]{9,14}$/, { message: 'must be a day such as 2026-01-31' })
  day?: string;
}

class BucketQuery extends TopicQuery {
  @ApiProperty({ description: 'An hour (UTC) of one range of keys', example: '2026-01-31T12/7' })
  @IsString({ message: 'must be a bucket such as 2026-01-31T12/7' })
  @MaxLength(32, { message: 'must be a bucket such as 2026-01-31T12/7' })
  bucket!: string;
}

class HoldingsQuery extends BucketQuery {
  @ApiPropertyOptional({ description: 'Events behind this id', format: 'uuid' })
  @IsOptional()
  @IsString({ message: 'must be the id of an event' })
  @Length(36, 36, { message: 'must be the id of an event' })
  after?: string;
}

class RecordsQuery extends BucketQuery {
  @ApiProperty({
    minLength: 36,
    maxLength: recordsMax * 37,
    description: `Ids of at most ${recordsMax} events, comma-separated`,
  })
  @IsString({ message: 'must be ids, comma-separated' })
  @Length(36, recordsMax * 37, { message: `must be 1 to ${recordsMax} ids, comma-separated` })
  ids!: string;
}

class TallyDto {
  @ApiProperty({ description: 'The day, or the bucket', example: '2026-01-31' })
  name!: string;

  @ApiProperty({ type: 'integer', minimum: 0 })
  events!: number;

  @ApiProperty({ description: 'Sum of the hashes of its events: 32 hexadecimal digits, whatever order they came in' })
  digest!: string;
}

class AnswerDto {
  @ApiProperty({ description: 'The region that answers', example: 'eu' })
  region!: string;

  @ApiProperty({ example: 'cases.eu' })
  topic!: string;
}

class DigestsDto extends AnswerDto {
  @ApiProperty({ type: [TallyDto] })
  items!: readonly NamedTally[];
}

class HeldEventDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ description: 'Hash of its id and its bytes: 32 hexadecimal digits' })
  hash!: string;

  @ApiProperty({ type: 'integer', description: 'When the log of the region took it, in ms since the epoch' })
  takenAt!: number;
}

class HoldingsDto extends AnswerDto {
  @ApiProperty({ type: [HeldEventDto], maxItems: heldPageMax, description: 'In the order of their ids' })
  items!: readonly HeldEvent[];
}

class RecordDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ description: 'The event as the log has it' })
  base64!: string;
}

class RecordsDto extends AnswerDto {
  @ApiProperty({ type: [RecordDto], description: 'Those that the log has; of large ones only the first' })
  items!: readonly RecordDto[];
}

/** What regions tell each other of what they hold, and what they give out of it. Of topics alone that are shared. */
@ApiTags('exchange')
@Controller('v1/ring')
export class ExchangeController {
  constructor(
    @Inject(SubscriberRuntime) private readonly runtime: SubscriberRuntime,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(PLACEMENT) private readonly placement: Placement,
  ) {}

  @Get('digests')
  @Roles('platform', 'ring_peer')
  @ApiOperation({ operationId: 'getDigests', summary: 'Digests of what this region holds of a topic, by day or by hour.' })
  @ApiOkResponse({ type: DigestsDto })
  @ApiProblems(400, 404)
  async digests(@Query() { topic, day }: DigestsQuery, @Caller() caller: Identity): Promise<DigestsDto> {
    this.#mustShare(topic, caller);
    const { views } = this.runtime;
    return this.#answer(topic, day === undefined ? await daysOf(views, topic) : await bucketsOf(views, topic, day));
  }

  @Get('holdings')
  @Roles('platform', 'ring_peer')
  @ApiOperation({ operationId: 'listHoldings', summary: 'The events that this region holds of a bucket.' })
  @ApiOkResponse({ type: HoldingsDto })
  @ApiProblems(400, 404)
  async holdings(@Query() { topic, bucket, after }: HoldingsQuery, @Caller() caller: Identity): Promise<HoldingsDto> {
    const at = this.#at(topic, bucket, caller);
    return this.#answer(topic, await heldIn(this.runtime.views, at, { after, limit: heldPageMax }));
  }

  @Get('records')
  @Roles('ring_peer')
  @ApiOperation({ operationId: 'getRecords', summary: 'Events of a bucket as the log has them, for a region that lacks them.' })
  @ApiOkResponse({ type: RecordsDto })
  @ApiProblems(400, 404)
  async records(@Query() { topic, bucket, ids }: RecordsQuery, @Caller() caller: Identity): Promise<RecordsDto> {
    const at = this.#at(topic, bucket, caller);
    const wanted = [...new Set(ids.split(','))];
    if (!wanted.every(isUuidv7)) throw refusal('ids', 'must be ids of events, comma-separated');
    const found = await recordsOf({ views: this.runtime.views, log: this.log }, at, wanted, { bytesMax: recordBytesMax });
    return this.#answer(
      topic,
      found.map(({ id, bytes }) => ({ id, base64: Buffer.from(bytes).toString('base64') })),
    );
  }

  #at(topic: string, bucket: string, caller: Identity): HeldAt {
    this.#mustShare(topic, caller);
    if (!isBucket(bucket)) throw refusal('bucket', 'must be a bucket such as 2026-01-31T12/7');
    return { topic, bucket };
  }

  #answer<Item>(topic: string, items: readonly Item[]): { region: string; topic: string; items: readonly Item[] } {
    return { region: this.placement.region, topic, items };
  }

  /** What is regional is told to nobody, not even that it is there; of what some regions share, the others hear nothing. */
  #mustShare(topicName: string, { region: asking }: Identity): void {
    const isShared = sharedTopics(this.placement).some(
      ({ name, regions }) => name === topicName && (asking === undefined || regions.includes(asking)),
    );
    if (isShared && asking !== this.placement.region) return;
    throw new ProblemException(problems.notFound, 'This region shares no such topic.');
  }
}

const refusal = (parameter: string, detail: string): ProblemException =>
  new ProblemException(problems.invalidRequest, 'Mend the fields listed under errors.', { errors: [{ parameter, detail }] });
