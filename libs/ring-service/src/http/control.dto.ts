import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ringOperations } from '@ringside/events';
import { ToInteger } from '@ringside/platform';
import { IsBoolean, IsInt, IsOptional, Max, Min } from 'class-validator';

const states = ['in_order', 'differs', 'unreachable', 'failed'] as const;

export class AcceptDto {
  @ApiPropertyOptional({ default: false, description: 'Also what would lose data' })
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  accept?: boolean;
}

export class RunsQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 1_000, default: 100 })
  @ToInteger()
  @IsInt({ message: 'must be a whole number from 1 to 1,000' })
  @Min(1, { message: 'must be a whole number from 1 to 1,000' })
  @Max(1_000, { message: 'must be a whole number from 1 to 1,000' })
  limit = 100;
}

export class DifferenceDto {
  @ApiProperty({ example: 'eu' })
  region!: string;

  @ApiProperty({ description: 'What is set otherwise', example: 'namespace ringside/global: replication' })
  at!: string;

  @ApiProperty({ description: 'What asks for it: a path within the policy', example: 'zones.global' })
  rule!: string;

  @ApiProperty({ example: 'ap, eu, us' })
  wanted!: string;

  @ApiProperty({ example: 'eu, us' })
  live!: string;

  @ApiProperty({ enum: ['safe', 'loses_data', 'by_hand'] })
  mending!: string;
}

export class UnenforcedDto {
  @ApiProperty({ description: 'The kind of setting', example: 'permission' })
  kind!: string;

  @ApiPropertyOptional({ description: 'Where only one policy of namespaces is meant' })
  policy?: string;

  @ApiProperty()
  reason!: string;
}

export class FindingsDto {
  @ApiProperty({ example: 'eu' })
  region!: string;

  @ApiProperty({ enum: states })
  state!: string;

  @ApiProperty({ type: 'string', nullable: true })
  problem!: string | null;

  @ApiProperty({ type: [DifferenceDto] })
  differences!: readonly DifferenceDto[];

  @ApiProperty({ type: [UnenforcedDto], description: 'What these servers hold nobody to, whatever they are set to' })
  unenforced!: readonly UnenforcedDto[];
}

export class StepDto {
  @ApiProperty({ example: 'eu' })
  region!: string;

  @ApiProperty({ enum: ['narrow', 'make', 'set', 'widen', 'topics', 'allow', 'remove'] })
  phase!: string;

  @ApiProperty({ example: 'namespace ringside/global: replication' })
  at!: string;

  @ApiProperty()
  rule!: string;

  @ApiProperty()
  from!: string;

  @ApiProperty()
  to!: string;
}

export class HeldBackDto extends DifferenceDto {
  @ApiProperty({ enum: ['loses_data', 'by_hand', 'region_away', 'left_out'] })
  reason!: string;

  @ApiProperty()
  message!: string;
}

export class PlanDto {
  @ApiProperty({ description: 'SHA-256 of the policy' })
  policy!: string;

  @ApiProperty({ type: [FindingsDto] })
  regions!: readonly FindingsDto[];

  @ApiProperty({ type: [StepDto], description: 'What would mend it, in this order' })
  steps!: readonly StepDto[];

  @ApiProperty({ type: [HeldBackDto], description: 'What would not be mended, and why' })
  held!: readonly HeldBackDto[];
}

export class AuditDto extends PlanDto {
  @ApiProperty({ format: 'date-time' })
  startedAt!: string;

  @ApiProperty()
  by!: string;

  @ApiProperty({ type: [String], description: 'Why the run is not on the record, where it is not' })
  unrecorded!: readonly string[];
}

export class AppliedDto extends AuditDto {
  @ApiProperty({ type: [StepDto] })
  taken!: readonly StepDto[];
}

export class RecordedDifferenceDto {
  @ApiProperty()
  at!: string;

  @ApiProperty()
  rule!: string;

  @ApiProperty()
  wanted!: string;

  @ApiProperty()
  live!: string;
}

export class RunDto {
  @ApiProperty()
  runId!: string;

  @ApiProperty({ enum: ringOperations })
  operation!: string;

  @ApiProperty({ description: 'The region that was looked at', example: 'eu' })
  about!: string;

  @ApiProperty()
  by!: string;

  @ApiProperty({ format: 'date-time' })
  startedAt!: string;

  @ApiProperty({ description: 'SHA-256 of the policy' })
  policy!: string;

  @ApiProperty({ enum: ['in_order', 'differs', 'applied', 'failed', 'refused'] })
  outcome!: string;

  @ApiProperty({ type: [RecordedDifferenceDto], description: 'The first of them' })
  differences!: readonly RecordedDifferenceDto[];

  @ApiProperty({ type: 'integer', minimum: 0, description: 'All of them' })
  differenceCount!: number;

  @ApiPropertyOptional()
  detail?: string;
}

export class RunsDto {
  @ApiProperty({ type: [RunDto], description: 'The newest first' })
  items!: readonly RunDto[];
}
