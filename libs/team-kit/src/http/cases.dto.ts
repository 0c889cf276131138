import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { DateTime, dateTimeSchema, OneLine, oneLineSchema, PageQuery, pageOf } from '@ringside/platform';
import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { MinVersion, MinVersionOfCase } from './min-version.js';

const timeExample = '2026-01-31T12:00:00.000Z';
export const caseIdPattern = /^[A-Za-z0-9_-]{22}$/;

export class PriorityFactorDto {
  @ApiProperty({ enum: ['first', 'severity', 'reporters', 'recency', 'strikes', 'deadline'] })
  name!: string;

  @ApiProperty({ type: 'number', description: 'Rounded to four significant digits', example: 6 })
  value!: number;

  @ApiProperty({ example: 'aimbot is the gravest reason on file.' })
  because!: string;
}

export class PriorityDto {
  @ApiProperty({
    type: 'number',
    description: 'The product of the factors, rounded as they are; higher comes first',
    example: 18,
  })
  score!: number;

  @ApiProperty({ type: [PriorityFactorDto] })
  factors!: PriorityFactorDto[];
}

/** A lease. Whoever holds it renews it by claiming the case again. */
class ClaimDto {
  @ApiProperty({ example: 'worker-mira' })
  by!: string;

  @ApiProperty({ format: 'date-time', example: timeExample })
  until!: string;
}

/** A decision as its case shows it. Its facts and sanctions are at `/v1/decisions/{decisionId}`. */
class DecisionSummaryDto {
  @ApiProperty({ example: 'Zk0c1wTqSx2Yb5c9VZ8b2A.4' })
  decisionId!: string;

  @ApiProperty({
    enum: ['proposed', 'in_effect', 'rejected', 'reverted', 'overturned', 'superseded'],
    description: '`superseded`: made by a region in whose place another one went on with the case; it has no effect',
  })
  state!: string;

  @ApiProperty({ enum: ['uphold', 'dismiss', 'inconclusive'] })
  verdict!: string;

  @ApiProperty({ description: 'Whether it imposes anything' })
  sanctioned!: boolean;

  @ApiProperty()
  decidedBy!: string;

  @ApiProperty({ format: 'date-time' })
  decidedAt!: string;

  @ApiProperty({ enum: ['none', 'open', 'decided'], description: 'Whether the player objected' })
  appeal!: string;

  @ApiProperty({ type: 'integer', description: "The step of the case's stream that said so last" })
  caseVersion!: number;
}

/** One team's file on one subject in one game. */
export class CaseDto {
  @ApiProperty({ pattern: caseIdPattern.source, example: 'Zk0c1wTqSx2Yb5c9VZ8b2A' })
  caseId!: string;

  @ApiProperty({ example: 'cheating' })
  team!: string;

  @ApiProperty({ example: 'stormfall' })
  game!: string;

  @ApiProperty({ description: 'Whom the case is about', example: 'player-4711' })
  subjectId!: string;

  @ApiProperty({ description: 'The only region that takes commands on this case', example: 'local' })
  homeRegion!: string;

  @ApiProperty({ enum: ['open', 'claimed', 'decided'] })
  status!: string;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Rises with each event of the case; also the ETag' })
  version!: number;

  @ApiProperty({ type: PriorityDto })
  priority!: PriorityDto;

  @ApiProperty({ type: 'integer', minimum: 0 })
  reportCount!: number;

  @ApiProperty({ type: 'integer', minimum: 0 })
  distinctReporters!: number;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer', minimum: 1 },
    description: 'Reports by reason',
    example: { aimbot: 3, wallhack: 1 },
  })
  reasons!: Record<string, number>;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Of the reports, those that no decision in effect covers' })
  openReports!: number;

  @ApiProperty({ type: () => ClaimDto, nullable: true, description: 'Who works on it; null for nobody' })
  claim!: ClaimDto | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'When somebody last took it on' })
  acknowledgedAt!: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'Since when its clock stands still' })
  heldSince!: string | null;

  @ApiProperty({ description: 'Whether a lead has to look at it' })
  escalated!: boolean;

  @ApiProperty({ format: 'date-time', example: timeExample })
  openedAt!: string;

  @ApiProperty({ format: 'date-time', example: timeExample })
  lastReportedAt!: string;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'Null once nothing is open',
    example: timeExample,
  })
  dueAt!: string | null;

  @ApiProperty({ type: () => [DecisionSummaryDto], description: 'In the order in which they were made' })
  decisions!: DecisionSummaryDto[];
}

export class CasePageDto extends pageOf(CaseDto) {}

export class CaseListQuery extends PageQuery {
  @ApiPropertyOptional({
    enum: ['open', 'claimed', 'decided', 'all'],
    description: 'open where absent; claimed where absent and an assignee is given',
  })
  @IsOptional()
  @IsIn(['open', 'claimed', 'decided', 'all'], { message: 'must be open, claimed, decided or all' })
  status?: 'open' | 'claimed' | 'decided' | 'all';

  @ApiPropertyOptional({ pattern: '^[a-z][a-z0-9_]{0,63}$', description: 'Only cases with a counted report of this reason' })
  @IsOptional()
  @Matches(/^[a-z][a-z0-9_]{0,63}$/, { message: 'must be a reason: lower-case letters, digits and _' })
  reason?: string;

  @ApiPropertyOptional({ ...oneLineSchema(128), description: 'Only cases that this case worker has claimed' })
  @IsOptional()
  @OneLine(128)
  assignee?: string;

  @ApiPropertyOptional({ ...oneLineSchema(128), description: 'Only cases of this game' })
  @IsOptional()
  @OneLine(128)
  game?: string;

  @ApiPropertyOptional({ enum: ['priority', 'oldest', 'newest'], default: 'priority' })
  @IsIn(['priority', 'oldest', 'newest'], { message: 'must be priority, oldest or newest' })
  sort: 'priority' | 'oldest' | 'newest' = 'priority';

  @MinVersionOfCase()
  minVersion?: string;
}

export class CasePartQuery extends PageQuery {
  @MinVersion()
  minVersion?: string;
}

export class CaseParams {
  @ApiProperty({ pattern: caseIdPattern.source })
  @IsString({ message: 'must be a string' })
  @MaxLength(128, { message: 'must be at most 128 characters' })
  caseId!: string;
}

export class CaseAtQuery {
  @ApiPropertyOptional({
    ...dateTimeSchema('any'),
    description: 'The case as it stood then, such as 2026-01-31T12:00:00.000Z; as it stands now where that has not come yet',
  })
  @IsOptional()
  @DateTime('any')
  at?: string;

  @MinVersion()
  minVersion?: string;
}

/** A report as the case holds it. */
export class CaseReportDto {
  @ApiProperty()
  reportId!: string;

  @ApiProperty()
  reporterId!: string;

  @ApiProperty({ description: 'The reason that counts now' })
  reason!: string;

  @ApiProperty({ description: 'The reason as it was filed' })
  firstReason!: string;

  @ApiProperty({ format: 'date-time' })
  filedAt!: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  occurredAt!: string | null;

  @ApiProperty({ type: 'string', nullable: true })
  matchId!: string | null;

  @ApiProperty({ description: 'Whether the reporter sent evidence along' })
  hasEvidence!: boolean;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'How often it was given another reason' })
  reroutings!: number;

  @ApiProperty({ type: [String], description: 'The reasons that it had before, oldest first' })
  priorReasons!: string[];

  @ApiProperty({ description: "False once its reason is no longer this team's: it counts no more" })
  active!: boolean;

  @ApiProperty({ type: [String], enum: ['daily_limit', 'reporter_suppressed'], description: 'Why it does not count, if so' })
  suppressed!: string[];

  @ApiProperty({ type: [String], description: 'Decisions that name it, whatever became of them' })
  decisions!: string[];
}

export class CaseReportPageDto extends pageOf(CaseReportDto) {}

/** Something that happened to the case. */
export class TimelineEntryDto {
  @ApiProperty({ format: 'date-time' })
  at!: string;

  @ApiProperty({ example: 'ReportFiled', description: 'The event: of a report, or of a step of the case' })
  type!: string;

  @ApiProperty()
  eventId!: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'The data of the event' })
  data!: object;

  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    description: 'Of `AppealOpened`: what the player wrote; null where another region keeps it (`data.statementHeldIn`)',
  })
  statement?: string | null;

  @ApiPropertyOptional({
    enum: [true],
    description: 'The step has no effect: another region went on with the case, and did not know of it',
  })
  superseded?: true;
}

export class TimelinePageDto extends pageOf(TimelineEntryDto) {}

export class ChatLineDto {
  @ApiProperty({ format: 'date-time' })
  at!: string;

  @ApiProperty()
  playerId!: string;

  @ApiProperty()
  text!: string;
}

/** What a reporter sent along. Present only in the region where it was filed. */
export class EvidenceDto {
  @ApiProperty()
  reportId!: string;

  @ApiProperty()
  game!: string;

  @ApiProperty()
  subjectId!: string;

  @ApiProperty({ description: 'The reason as it was when the evidence was filed, or handed over' })
  reason!: string;

  @ApiProperty({ format: 'date-time' })
  filedAt!: string;

  @ApiPropertyOptional()
  description?: string;

  @ApiPropertyOptional({ type: [ChatLineDto] })
  chat?: ChatLineDto[];

  @ApiPropertyOptional({ format: 'uri' })
  replayUrl?: string;

  @ApiPropertyOptional()
  clientBuild?: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  telemetry?: object;
}

export class EvidencePageDto extends pageOf(EvidenceDto) {}
