import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';

export class DecisionParams {
  @ApiProperty({ example: 'Zk0c1wTqSx2Yb5c9VZ8b2A.2' })
  @IsString({ message: 'must be a string' })
  @MaxLength(128, { message: 'must be at most 128 characters' })
  decisionId!: string;
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

  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true } })
  sanctions!: object[];

  @ApiProperty({ type: [String], description: 'The reports that it covers' })
  reportIds!: string[];

  @ApiProperty()
  decidedBy!: string;

  @ApiProperty({ format: 'date-time' })
  decidedAt!: string;

  @ApiProperty({
    type: 'object',
    nullable: true,
    additionalProperties: true,
    description: 'What the player is told (Article 17 of the Digital Services Act); null where nothing was imposed, or not yet',
  })
  statementOfReasons!: object | null;
}
