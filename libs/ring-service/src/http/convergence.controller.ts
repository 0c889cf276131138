import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { isoTime } from '@ringside/core';
import type { Placement } from '@ringside/data-ring';
import { ApiProblems, Caller, PLACEMENT, ProblemException, problems, type Identity } from '@ringside/platform';
import { SubscriberRuntime } from '@ringside/team-kit';

import type { TopicComparison } from '../convergence/findings.js';
import { Convergence } from '../convergence/convergence.js';
import type { VerifiedTopic } from '../convergence/fetch-gone.js';
import type { PeerRound, PeerState } from '../convergence/standings.js';
import { figuresOf } from '../holdings/held.js';
import { sharedTopics } from '../holdings/holdings.js';
import {
  shownMax,
  ConvergenceDto,
  PeerConvergenceDto,
  RepairDto,
  RepairedDto,
  RepairedPeerDto,
  TopicConvergenceDto,
  VerifiedTopicDto,
} from './convergence.dto.js';

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
    const figures = await Promise.all(sharedTopics(this.placement).map(({ name }) => figuresOf(views, name)));
    return { region: this.placement.region, held: figures, peers: this.convergence.states().map(peerDto) };
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
    if (topic !== undefined && !sharedTopics(this.placement).some(({ name }) => name === topic)) {
      errors.push({ pointer: '/topic', detail: 'is no topic that this region shares' });
    }
    if (errors.length > 0)
      throw new ProblemException(problems.unprocessable, 'Mend the fields listed under errors.', { errors });
  }
}

const peerDto = ({ region, comparedAt, problem, catchingUp, restored, refusals, topics }: PeerState): PeerConvergenceDto => ({
  peer: region,
  comparedAt: comparedAt === undefined ? null : isoTime(comparedAt),
  problem: problem ?? null,
  catchingUp,
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

const verifiedDto = ({ gone, changed, ...verified }: VerifiedTopic): VerifiedTopicDto => ({
  ...verified,
  gone: gone.length,
  changed: changed.length,
  changedIds: changed.slice(0, shownMax),
});

const roundDto = ({ region, problem, catchingUp, topics, restored, notSent, refused }: PeerRound): RepairedPeerDto => ({
  peer: region,
  problem: problem ?? null,
  catchingUp,
  topics: topics.map((topic) => ({
    ...topicDto(topic),
    restored: restored.get(topic.topic)?.length ?? 0,
    notSent: notSent.get(topic.topic) ?? 0,
  })),
  refused: refused.slice(0, shownMax),
});
