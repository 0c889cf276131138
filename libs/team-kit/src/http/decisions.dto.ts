import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { sanctionHoursMax, sanctionKinds } from '@ringside/events';
import { IsString, MaxLength } from 'class-validator';

export class DecisionParams {
  @ApiProperty({ maxLength: 128, example: 'Zk0c1wTqSx2Yb5c9VZ8b2A.2' })
  @IsString({ message: 'must be a string' })
  @MaxLength(128, { message: 'must be at most 128 characters' })
  decisionId!: string;
}

class SanctionDto {
  @ApiProperty({ example: 'Zk0c1wTqSx2Yb5c9VZ8b2A.2.1' })
  sanctionId!: string;

  @ApiProperty({ enum: sanctionKinds })
  kind!: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: sanctionHoursMax,
    description: 'Absent for a warning, and for a ban that is permanent',
  })
  durationHours?: number;
}

class RestrictionDto {
  @ApiProperty({ enum: sanctionKinds })
  kind!: string;

  @ApiProperty({ example: 'suspension_of_account' })
  measure!: string;

  @ApiProperty()
  territorialScope!: string;

  @ApiProperty({ format: 'date-time' })
  from!: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'Null where it has no end' })
  until!: string | null;

  @ApiProperty()
  sentence!: string;
}

class EndedDto {
  @ApiProperty({ format: 'date-time' })
  at!: string;

  @ApiProperty({ enum: ['reverted', 'overturned'] })
  because!: string;
}

class FoundFactsDto {
  @ApiProperty()
  found!: string;

  @ApiProperty({ enum: ['notice', 'own_initiative'] })
  basis!: string;

  @ApiProperty()
  circumstances!: string;
}

class AutomatedMeansDto {
  @ApiProperty()
  detection!: boolean;

  @ApiProperty()
  decision!: boolean;

  @ApiProperty()
  sentence!: string;
}

class GroundDto {
  @ApiProperty({ enum: ['illegal', 'incompatible_with_terms'] })
  kind!: string;

  @ApiProperty({ example: 'fair-play/2.1' })
  clause!: string;

  @ApiProperty()
  reference!: string;

  @ApiProperty()
  explanation!: string;
}

class InternalRedressDto {
  @ApiProperty({ format: 'date-time', description: 'Until when the player may appeal' })
  until!: string;

  @ApiProperty()
  sentence!: string;
}

class RedressDto {
  @ApiProperty({ type: InternalRedressDto })
  internal!: InternalRedressDto;

  @ApiProperty()
  outOfCourt!: string;

  @ApiProperty()
  judicial!: string;
}

class StatementOfReasonsDto {
  @ApiProperty()
  decisionId!: string;

  @ApiProperty()
  playerId!: string;

  @ApiProperty()
  game!: string;

  @ApiProperty({ format: 'date-time' })
  effectiveAt!: string;

  @ApiProperty({ type: EndedDto, nullable: true, description: 'Null unless it was taken back' })
  ended!: EndedDto | null;

  @ApiProperty({ type: [RestrictionDto] })
  restrictions!: RestrictionDto[];

  @ApiProperty({ type: FoundFactsDto })
  facts!: FoundFactsDto;

  @ApiProperty({ type: AutomatedMeansDto })
  automatedMeans!: AutomatedMeansDto;

  @ApiProperty({ type: GroundDto })
  ground!: GroundDto;

  @ApiProperty({ type: RedressDto })
  redress!: RedressDto;

  @ApiProperty({ description: 'All of it, as the player reads it' })
  text!: string;
}

export class DecisionDto {
  @ApiProperty({ example: 'Zk0c1wTqSx2Yb5c9VZ8b2A.2' })
  decisionId!: string;

  @ApiProperty()
  caseId!: string;

  @ApiProperty({ type: 'integer', description: 'Of the case; also the ETag' })
  version!: number;

  @ApiProperty({ enum: ['proposed', 'in_effect', 'rejected', 'reverted', 'overturned'] })
  state!: string;

  @ApiProperty({ enum: ['uphold', 'dismiss', 'inconclusive'] })
  verdict!: string;

  @ApiPropertyOptional({ example: 'fair-play/2.1' })
  clause?: string;

  @ApiProperty()
  facts!: string;

  @ApiPropertyOptional({ description: 'What was worked out before it was made, such as evidence that was assembled' })
  restsOn?: string;

  @ApiProperty({ type: () => [SanctionDto] })
  sanctions!: SanctionDto[];

  @ApiProperty({ type: [String], description: 'The reports that it covers' })
  reportIds!: string[];

  @ApiProperty()
  decidedBy!: string;

  @ApiProperty({ format: 'date-time' })
  decidedAt!: string;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Strikes against the player when it was decided' })
  priorStrikes!: number;

  @ApiProperty({ description: 'Whether a machine decided' })
  automated!: boolean;

  @ApiPropertyOptional({ format: 'date-time', description: 'Of a proposal: until when it can be approved' })
  expiresAt?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Once it took effect' })
  effectiveAt?: string;

  @ApiPropertyOptional({ type: 'string', nullable: true, description: 'Once it took effect: null where nobody had to approve' })
  approvedBy?: string | null;

  @ApiPropertyOptional({ description: 'Of a proposal that was rejected' })
  rejectedBy?: string;

  @ApiPropertyOptional({ enum: ['rejected', 'expired'], description: 'Of a proposal that was rejected' })
  because?: string;

  @ApiPropertyOptional({ description: 'Where it was taken back' })
  endedBy?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Where it was taken back' })
  endedAt?: string;

  @ApiProperty({
    type: () => StatementOfReasonsDto,
    nullable: true,
    description: 'What the player is told (Article 17 of the Digital Services Act); null where nothing was imposed, or not yet',
  })
  statementOfReasons!: StatementOfReasonsDto | null;
}
