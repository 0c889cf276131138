import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

const zoneKinds = ['global', 'cross-region', 'regional'] as const;

class RingRegionDto {
  @ApiProperty({ example: 'eu' })
  region!: string;

  @ApiProperty({ example: 'Europe (Frankfurt)' })
  label!: string;

  @ApiProperty({ description: 'Whose law applies there' })
  jurisdiction!: string;

  @ApiProperty({ type: [String], description: 'Regions that may work its cases while it is away' })
  successors!: readonly string[];

  @ApiProperty({ description: 'The region that works its cases now', example: 'eu' })
  servedBy!: string;

  @ApiProperty({ type: 'integer', minimum: 0 })
  term!: number;
}

class RingTopicDto {
  @ApiProperty({ description: 'Of the event log', example: 'cases.eu' })
  topic!: string;

  @ApiProperty({ type: 'string', nullable: true, description: 'The region whose players it is about, in a cross-region zone' })
  origin!: string | null;

  @ApiProperty({ type: [String], description: 'Regions whose logs have it' })
  regions!: readonly string[];
}

class RingZoneDto {
  @ApiProperty({ example: 'casework' })
  zone!: string;

  @ApiProperty({ enum: zoneKinds })
  kind!: (typeof zoneKinds)[number];

  @ApiProperty()
  purpose!: string;

  @ApiProperty()
  legalGround!: string;

  @ApiProperty({ type: 'integer', nullable: true, description: 'How long records are kept; null for ever' })
  retentionHours!: number | null;

  @ApiProperty({ type: [RingTopicDto] })
  topics!: readonly RingTopicDto[];
}

class RingServiceDto {
  @ApiProperty({ example: 'cheating-team' })
  service!: string;

  @ApiProperty({ type: [String], description: 'Zones' })
  produce!: readonly string[];

  @ApiProperty({ type: [String], description: 'Zones' })
  consume!: readonly string[];
}

class RingLinkDto {
  @ApiProperty({ example: 'us' })
  from!: string;

  @ApiProperty({ example: 'eu' })
  to!: string;

  @ApiProperty({ type: [String], description: 'Topics of the event log that both have' })
  topics!: readonly string[];

  @ApiProperty({ type: 'integer', nullable: true, description: 'Events that have not come through, and are not on their way' })
  missing!: number | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  comparedAt!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Why nothing is known of it now' })
  problem!: string | null;
}

export class RingDto {
  @ApiProperty({ description: 'The region that answers', example: 'eu' })
  region!: string;

  @ApiProperty({ type: 'string', nullable: true, description: 'SHA-256 of the policy; null without a ring' })
  policy!: string | null;

  @ApiProperty({ type: [RingRegionDto] })
  regions!: readonly RingRegionDto[];

  @ApiProperty({ type: [RingZoneDto] })
  zones!: readonly RingZoneDto[];

  @ApiProperty({ type: [RingServiceDto] })
  services!: readonly RingServiceDto[];

  @ApiProperty({ type: [RingLinkDto], description: 'The way from and to its peers, as this region sees it' })
  links!: readonly RingLinkDto[];
}

class ReachDto {
  @ApiProperty({ example: 'eu' })
  origin!: string;

  @ApiProperty({ type: [String] })
  regions!: readonly string[];
}

class LogTopicDto {
  @ApiProperty({ example: 'cases.eu' })
  topic!: string;

  @ApiProperty({ type: [String] })
  regions!: readonly string[];
}

class WhereaboutsDto {
  @ApiProperty({ example: 'ReportEvidenceFiled.description' })
  what!: string;

  @ApiProperty({ enum: ['event', 'field', 'topic', 'view'] })
  is!: string;

  @ApiProperty({ type: [String], description: 'Fields of it that say something about a person' })
  personal!: readonly string[];

  @ApiProperty({ type: [String], description: 'Topics of the contract' })
  topics!: readonly string[];

  @ApiProperty({ example: 'evidence' })
  zone!: string;

  @ApiProperty({ enum: zoneKinds })
  kind!: string;

  @ApiProperty()
  purpose!: string;

  @ApiProperty()
  legalGround!: string;

  @ApiProperty({ type: [ReachDto], description: 'Regions where it may be, by the region that it comes from' })
  reach!: readonly ReachDto[];

  @ApiProperty({ type: [LogTopicDto], description: 'Topics of the event log' })
  log!: readonly LogTopicDto[];

  @ApiProperty({ type: [String], description: 'Tables that are built from it' })
  views!: readonly string[];

  @ApiProperty({ type: [String], description: 'Services that may read it' })
  readers!: readonly string[];

  @ApiProperty({ description: 'All of this for people' })
  sentence!: string;
}

export class WhereIsDto {
  @ApiProperty({ type: [WhereaboutsDto] })
  found!: readonly WhereaboutsDto[];

  @ApiPropertyOptional({ description: 'Where nothing is called so: what may have been meant' })
  message?: string;
}
