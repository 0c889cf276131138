import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { concurrently, type Clock } from '@ringside/core';
import type { Placement, RingPolicy } from '@ringside/data-ring';
import { UnknownTopicError, type EventLog } from '@ringside/event-log';
import { CLOCK, EVENT_LOG, PLACEMENT } from '@ringside/platform';

import { serviceName } from '../subscriber.js';
import { POLICY } from './tokens.js';

class SubscriptionDto {
  @ApiProperty({ description: 'Of the event log', example: 'cases.eu' })
  topic!: string;

  @ApiProperty({ example: 'cheating-team' })
  subscription!: string;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Events that it has not acknowledged' })
  backlog!: number;

  @ApiProperty({ minimum: 0, description: 'Age of the oldest of them; 0 without any' })
  lagSeconds!: number;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Beyond this the policy wants somebody to be told; null without a ring',
  })
  lagSecondsMax!: number | null;

  @ApiProperty({ type: 'integer', minimum: 1 })
  partitions!: number;
}

class SubscriptionsDto {
  @ApiProperty({ type: [SubscriptionDto] })
  items!: readonly SubscriptionDto[];
}

/** On Pulsar each asks the broker for the statistics of a topic, whose consumers need the same broker each second. */
const askedAtOnceMax = 4;

/** How far the subscriptions of this region are behind. */
@ApiTags('operations')
@Controller('v1/subscriptions')
export class SubscriptionsController {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(PLACEMENT) private readonly placement: Placement,
    @Inject(POLICY) private readonly policy: RingPolicy | undefined,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listSubscriptions',
    summary: 'What each service has not yet taken from each topic of this region, and for how long.',
    description:
      'Of the services that the policy names; by itself, a region knows of this one alone. What is parked, each service tells itself.',
  })
  @ApiOkResponse({ type: SubscriptionsDto })
  async list(): Promise<SubscriptionsDto> {
    const services = Object.keys(this.policy?.services ?? { [serviceName]: true });
    const asked = this.placement.held.flatMap(({ name, zone }) => services.map((service) => ({ topic: name, zone, service })));
    const items = await concurrently(asked, askedAtOnceMax, (one) => this.#subscription(one));
    return { items: items.filter((one) => one !== undefined) };
  }

  async #subscription({
    topic,
    zone,
    service: subscription,
  }: {
    readonly topic: string;
    readonly zone: string;
    readonly service: string;
  }): Promise<SubscriptionDto | undefined> {
    const partitions = await this.log.backlog(topic, subscription).catch((error: unknown) => {
      if (error instanceof UnknownTopicError) return []; // no service of this region has needed it yet
      throw error;
    });
    if (partitions.length === 0) return undefined;
    const now = this.clock();
    const ages = partitions.map(({ oldestAppendedAt }) => (oldestAppendedAt === null ? 0 : (now - oldestAppendedAt) / 1_000));
    const lagHoursMax = this.policy?.zones[zone]?.retention.lagHoursMax;
    return {
      ...{ topic, subscription, partitions: partitions.length },
      backlog: partitions.reduce((sum, { backlog }) => sum + backlog, 0),
      lagSeconds: Math.max(0, ...ages),
      lagSecondsMax: lagHoursMax === undefined ? null : lagHoursMax * 3_600,
    };
  }
}
