import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { metricsRow, type PlayerMetrics } from '@ringside/cheating-domain';
import { ApiProblems, ProblemException, problems } from '@ringside/platform';
import { PlayerParams, SubscriberRuntime } from '@ringside/team-kit';

const counts = { type: 'object', additionalProperties: { type: 'integer', minimum: 1 } } as const;

class PlayerMetricsDto {
  @ApiProperty({ example: 'player-4711' })
  playerId!: string;

  @ApiProperty({ type: 'integer', minimum: 1 })
  reports!: number;

  @ApiProperty({ ...counts, description: 'By the reason that the reporters chose', example: { aimbot: 3 } })
  byReason!: Record<string, number>;

  @ApiProperty({ ...counts, example: { stormfall: 3 } })
  byGame!: Record<string, number>;

  @ApiProperty({ ...counts, description: 'By day (UTC), the last 30 days that had any', example: { '2026-01-31': 3 } })
  byDay!: Record<string, number>;

  @ApiProperty({ format: 'date-time' })
  firstReportedAt!: string;

  @ApiProperty({ format: 'date-time' })
  lastReportedAt!: string;
}

/** The cheating team's own view of a player. */
@ApiTags('players')
@Controller('v1/players')
export class PlayerMetricsController {
  constructor(@Inject(SubscriberRuntime) private readonly runtime: SubscriberRuntime) {}

  @Get(':playerId/metrics')
  @ApiOperation({ summary: 'How often, for what and when a player was reported.', operationId: 'getPlayerMetrics' })
  @ApiOkResponse({ type: PlayerMetricsDto })
  @ApiProblems(400, 404)
  async get(@Param() { playerId }: PlayerParams): Promise<PlayerMetrics> {
    const metrics = await this.runtime.views.get(metricsRow(playerId));
    if (metrics === undefined) throw new ProblemException(problems.notFound, 'Nobody has reported this player to this team.');
    return metrics as unknown as PlayerMetrics;
  }
}
