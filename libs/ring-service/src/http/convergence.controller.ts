import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { isoTime } from '@ringside/core';
import type { Placement } from '@ringside/data-ring';
import { ApiProblems, Caller, PLACEMENT, ProblemException, problems, type Identity } from '@ringside/platform';
import { SubscriberRuntime } from '@ringside/team-kit';
import { IsBoolean, IsOptional, IsString, Length } from 'class-validator';

import type { TopicComparison } from '../convergence/compare.js';
import { Convergence, type VerifiedTopic } from '../convergence/convergence.js';
import type { PeerRound, PeerState } from '../convergence/standings.js';
import { figuresOf } from '../holdings/held.js';

/** Of what may be many, so many are shown. */
const shownMax = 100;

class ConflictDto {
  @ApiProperty({ example: '2026-01-31T12/7' })
  bucket!: string;

  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ description: 'Hash of what this region has under the id' })
  here!: string;

  @ApiProperty({ description: 'Hash of what the peer has under it' })
  there!: string;
}

class TopicConvergenceDto {
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

class RefusalDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ example: 'reports' })
  topic!: string;

  @ApiProperty({ example: 'wrong_topic' })
  reason!: string;

  @ApiProperty()
  detail!: string;
}

class PeerConvergenceDto {
  @ApiProperty({ example: 'us' })
  peer!: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'When all topics were last compared' })
  comparedAt!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Why the last comparison came to nothing' })
  problem!: string | null;

  @ApiProperty({ type: 'integer', description: 'Events fetched from it since the service started' })
  restored!: number;

  @ApiProperty({ type: [RefusalDto], description: 'The latest of what it sent and was not taken' })
  refusals!: readonly RefusalDto[];

  @ApiProperty({ type: [TopicConvergenceDto] })
  topics!: readonly TopicConvergenceDto[];
}

class HeldTopicDto {
  @ApiProperty({ example: 'cases.eu' })
  topic!: string;

  @ApiProperty({ type: 'integer', description: 'Different events that the log of this region has' })
  events!: number;

  @ApiProperty({ type: 'integer', description: 'Copies that it has besides' })
  doubled!: number;

  @ApiProperty({ type: 'integer', description: 'Of these, copies with other bytes under the same id' })
  conflicting!: number;
}

class ConvergenceDto {
  @ApiProperty({ example: 'eu' })
  region!: string;

  @ApiProperty({ type: [HeldTopicDto] })
  held!: readonly HeldTopicDto[];

  @ApiProperty({ type: [PeerConvergenceDto] })
  peers!: readonly PeerConvergenceDto[];
}

class RepairDto {
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

class VerifiedTopicDto {
  @ApiProperty({ example: 'cases.eu' })
  topic!: string;

  @ApiProperty({ type: 'integer', description: 'Records that were read' })
  read!: number;

  @ApiProperty({ type: 'integer', description: 'Events that the log had once and has no longer' })
  gone!: number;

  @ApiProperty({ type: 'integer', description: 'Of these, those that were fetched from a peer' })
  restored!: number;

  @ApiProperty({ description: 'There was more gone than one call may look for' })
  isCutShort!: boolean;
}

class RepairedTopicDto extends TopicConvergenceDto {
  @ApiProperty({ type: 'integer', description: 'Events that were fetched' })
  restored!: number;
}

class RepairedPeerDto {
  @ApiProperty({ example: 'us' })
  peer!: string;

  @ApiProperty({ type: 'string', nullable: true })
  problem!: string | null;

  @ApiProperty({ type: [RepairedTopicDto], description: 'What was found before anything was fetched' })
  topics!: readonly RepairedTopicDto[];

  @ApiProperty({ type: [RefusalDto], description: 'What was sent and not taken' })
  refused!: readonly RefusalDto[];
}

class RepairedDto {
  @ApiPropertyOptional({ type: [VerifiedTopicDto], description: 'With verify' })
  verified?: readonly VerifiedTopicDto[];

  @ApiProperty({ type: [RepairedPeerDto] })
  peers!: readonly RepairedPeerDto[];
}

/** Whether the regions hold the same of what they share, and how it is made so. */
@ApiTags('convergence')
@Controller('v1/ring')
export class ConvergenceController {
  constructor(
    @Inject(Convergence) private readonly convergence: Convergence,
    @Inject(SubscriberRuntime) private readonly runtime: SubscriberRuntime,
    @Inject(PLACEMENT) private readonly placement: Placement,
  ) {}

  @Get('convergence')
  @ApiOperation({ operationId: 'getConvergence', summary: 'What this region holds, against what its peers hold.' })
  @ApiOkResponse({ type: ConvergenceDto })
  async get(): Promise<ConvergenceDto> {
    const { views } = this.runtime;
    const { region, held } = this.placement;
    const shared = held.filter(({ topic }) => topic.zone !== 'regional');
    const figures = await Promise.all(shared.map(({ name }) => figuresOf(views, name)));
    return { region, held: figures, peers: this.convergence.states().map(peerDto) };
  }

  @Post('repair')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'repair',
    summary: 'Compares now, and fetches what is missing here from the peers that have it.',
  })
  @ApiOkResponse({ type: RepairedDto })
  @ApiProblems(400, 413, 415, 422)
  async repair(@Body() { peer, topic, verify = false }: RepairDto, @Caller() { sub }: Identity): Promise<RepairedDto> {
    this.#mustBeKnown(peer, topic);
    const verified = verify ? await this.convergence.verify({ topic, by: sub }) : undefined;
    const rounds = await this.convergence.now({ repairs: true, by: sub, peer, topic });
    return { ...(verified && { verified: verified.map(verifiedDto) }), peers: rounds.map(roundDto) };
  }

  #mustBeKnown(peer: string | undefined, topic: string | undefined): void {
    const errors = [];
    if (peer !== undefined && !this.convergence.states().some(({ region }) => region === peer)) {
      errors.push({ pointer: '/peer', detail: 'is no peer of this region: RINGSIDE_RING_PEERS names them' });
    }
    if (topic !== undefined && !this.placement.held.some((one) => one.name === topic && one.topic.zone !== 'regional')) {
      errors.push({ pointer: '/topic', detail: 'is no topic that this region shares' });
    }
    if (errors.length > 0)
      throw new ProblemException(problems.unprocessable, 'Mend the fields listed under errors.', { errors });
  }
}

const peerDto = ({ region, comparedAt, problem, restored, refusals, topics }: PeerState): PeerConvergenceDto => ({
  peer: region,
  comparedAt: comparedAt === undefined ? null : isoTime(comparedAt),
  problem: problem ?? null,
  restored,
  refusals,
  topics: topics.map((topic) => ({ ...topicDto(topic), comparedAt: isoTime(topic.comparedAt) })),
});

const topicDto = ({ differingBuckets, missingHere, ...compared }: TopicComparison): TopicConvergenceDto => ({
  topic: compared.topic,
  equal: compared.equal,
  differingBuckets: differingBuckets.length,
  buckets: differingBuckets.slice(0, shownMax),
  missingHere: missingHere.length,
  missingThere: compared.missingThere,
  onTheirWay: compared.onTheirWay,
  conflictCount: compared.conflictCount,
  conflicts: compared.conflicts,
  isCutShort: compared.isCutShort,
});

const verifiedDto = ({ gone, ...verified }: VerifiedTopic): VerifiedTopicDto => ({ ...verified, gone: gone.length });

const roundDto = ({ region, problem, topics, restored, refused }: PeerRound): RepairedPeerDto => ({
  peer: region,
  problem: problem ?? null,
  topics: topics.map((topic) => ({ ...topicDto(topic), restored: restored.get(topic.topic)?.length ?? 0 })),
  refused: refused.slice(0, shownMax),
});
