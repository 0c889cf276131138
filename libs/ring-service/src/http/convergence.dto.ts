import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsOptional, IsString, Length } from 'class-validator';

/** Of what may be many, so many are shown. */
export const shownMax = 100;

export class ConflictDto {
  @ApiProperty({ example: '2026-01-31T12/7' })
  bucket!: string;

  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ description: 'Hash of what this region has under the id' })
  here!: string;

  @ApiProperty({ description: 'Hash of what the peer has under it' })
  there!: string;
}

export class TopicConvergenceDto {
  @ApiProperty({ example: 'cases.eu' })
  topic!: string;

  @ApiProperty({ description: 'Both hold the same, but for what may be on its way' })
  equal!: boolean;

  @ApiProperty({ type: 'integer', description: 'Hours of a range of keys in which they do not' })
  differingBuckets!: number;

  @ApiProperty({ type: [String], description: `The first ${shownMax} of them` })
  buckets!: readonly string[];

  @ApiProperty({ type: 'integer' })
  missingHere!: number;

  @ApiProperty({ type: 'integer' })
  missingThere!: number;

  @ApiProperty({ type: 'integer', description: 'One of the two took it so lately that the other may yet get it' })
  onTheirWay!: number;

  @ApiProperty({ type: 'integer', description: 'Ids under which the two have different bytes. Nothing mends that by itself.' })
  conflictCount!: number;

  @ApiProperty({ type: [ConflictDto], description: 'The first of them' })
  conflicts!: readonly ConflictDto[];

  @ApiProperty({ description: 'There was more to look into than one comparison may: the figures are of what was seen' })
  isCutShort!: boolean;

  @ApiPropertyOptional({ format: 'date-time' })
  comparedAt?: string;
}

export class RefusalDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ example: 'reports' })
  topic!: string;

  @ApiProperty({ example: 'wrong_topic' })
  reason!: string;

  @ApiProperty()
  detail!: string;
}

export class PeerConvergenceDto {
  @ApiProperty({ example: 'us' })
  peer!: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'When all topics were last compared' })
  comparedAt!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Why the last comparison came to nothing' })
  problem!: string | null;

  @ApiProperty({
    type: [String],
    description: 'Topics that were not compared: this region had not taken in what its own log has',
  })
  catchingUp!: readonly string[];

  @ApiProperty({ type: 'integer', description: 'Events fetched from it since the service started' })
  restored!: number;

  @ApiProperty({ type: [RefusalDto], description: 'The latest of what it sent and was not taken' })
  refusals!: readonly RefusalDto[];

  @ApiProperty({ type: [TopicConvergenceDto] })
  topics!: readonly TopicConvergenceDto[];
}

export class HeldTopicDto {
  @ApiProperty({ example: 'cases.eu' })
  topic!: string;

  @ApiProperty({ type: 'integer', description: 'Different events that the log of this region has' })
  events!: number;

  @ApiProperty({ type: 'integer', description: 'Copies that it has besides' })
  doubled!: number;

  @ApiProperty({ type: 'integer', description: 'Of these, copies with other bytes under the same id' })
  conflicting!: number;
}

export class ConvergenceDto {
  @ApiProperty({ example: 'eu' })
  region!: string;

  @ApiProperty({ type: [HeldTopicDto] })
  held!: readonly HeldTopicDto[];

  @ApiProperty({ type: [PeerConvergenceDto] })
  peers!: readonly PeerConvergenceDto[];
}

export class RepairDto {
  @ApiPropertyOptional({ description: 'With this region alone', example: 'us' })
  @IsOptional()
  @IsString({ message: 'must be a region' })
  @Length(1, 32, { message: 'must be a region' })
  peer?: string;

  @ApiPropertyOptional({ description: 'Of this topic of the log alone', example: 'cases.eu' })
  @IsOptional()
  @IsString({ message: 'must be a topic of the log' })
  @Length(1, 128, { message: 'must be a topic of the log' })
  topic?: string;

  @ApiPropertyOptional({
    default: false,
    description: 'Reads the log of this region anew first, for what it had once and has no longer. Takes as long as that.',
  })
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  verify?: boolean;
}

export class VerifiedTopicDto {
  @ApiProperty({ example: 'cases.eu' })
  topic!: string;

  @ApiProperty({ type: 'integer', description: 'Records that were read' })
  read!: number;

  @ApiProperty({ type: 'integer', description: 'Of these, records under no id of an event, which are left out' })
  unreadable!: number;

  @ApiProperty({
    type: 'integer',
    description: 'Places besides whose records are damaged. What was there counts as gone, unless the log has a copy',
  })
  damaged!: number;

  @ApiProperty({ type: 'integer', description: 'Events that the log had once and has no longer' })
  gone!: number;

  @ApiProperty({ type: 'integer', description: 'Of these, those that were fetched from a peer' })
  restored!: number;

  @ApiProperty({ type: 'integer', description: 'Events that have other bytes than they had: nothing mends that by itself' })
  changed!: number;

  @ApiProperty({ type: [String], description: `The first ${shownMax} of them` })
  changedIds!: readonly string[];

  @ApiProperty({ description: 'There was more gone than one call may look for' })
  isCutShort!: boolean;
}

export class RepairedTopicDto extends TopicConvergenceDto {
  @ApiProperty({ type: 'integer', description: 'Events that were fetched' })
  restored!: number;

  @ApiProperty({ type: 'integer', description: 'Events that the peer said it had, and did not send' })
  notSent!: number;
}

export class RepairedPeerDto {
  @ApiProperty({ example: 'us' })
  peer!: string;

  @ApiProperty({ type: 'string', nullable: true })
  problem!: string | null;

  @ApiProperty({
    type: [String],
    description: 'Topics that were not compared: this region had not taken in what its own log has',
  })
  catchingUp!: readonly string[];

  @ApiProperty({ type: [RepairedTopicDto], description: 'What was found before anything was fetched' })
  topics!: readonly RepairedTopicDto[];

  @ApiProperty({ type: [RefusalDto], description: 'What was sent and not taken' })
  refused!: readonly RefusalDto[];
}

export class RepairedDto {
  @ApiPropertyOptional({ type: [VerifiedTopicDto], description: 'With verify' })
  verified?: readonly VerifiedTopicDto[];

  @ApiProperty({ type: [RepairedPeerDto] })
  peers!: readonly RepairedPeerDto[];
}
