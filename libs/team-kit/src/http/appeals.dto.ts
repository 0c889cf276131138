import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { appealStates, shownAppealStates } from '@ringside/casework';
import { PageQuery, pageOf } from '@ringside/platform';
import { IsIn, IsString, MaxLength } from 'class-validator';

import { MinVersionOfCase } from './min-version.js';

export class AppealParams {
  @ApiProperty({ maxLength: 128 })
  @IsString({ message: 'must be a string' })
  @MaxLength(128, { message: 'must be at most 128 characters' })
  appealId!: string;
}

export class AppealListQuery extends PageQuery {
  @ApiPropertyOptional({ enum: appealStates, default: 'open' })
  @IsIn(appealStates, { message: `must be ${appealStates.join(' or ')}` })
  state: (typeof appealStates)[number] = 'open';

  @MinVersionOfCase()
  minVersion?: string;
}

export class AppealDto {
  @ApiProperty()
  appealId!: string;

  @ApiProperty()
  caseId!: string;

  @ApiProperty()
  decisionId!: string;

  @ApiProperty({ example: 'stormfall' })
  game!: string;

  @ApiProperty({ description: 'Who objects' })
  playerId!: string;

  @ApiProperty({ format: 'date-time' })
  filedAt!: string;

  @ApiProperty({ description: 'The region where it was filed: the only one that has what the player wrote', example: 'local' })
  statementHeldIn!: string;

  @ApiProperty({ enum: shownAppealStates })
  state!: string;

  @ApiProperty({ type: 'string', enum: ['upheld', 'overturned'], nullable: true })
  outcome!: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  decidedAt!: string | null;
}

export class AppealPageDto extends pageOf(AppealDto) {}

export class AppealInFullDto extends AppealDto {
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'What the player wrote; null where another region keeps it (`statementHeldIn`)',
  })
  statement!: string | null;

  @ApiPropertyOptional({ description: 'On which facts it was decided' })
  facts?: string;

  @ApiPropertyOptional()
  decidedBy?: string;

  @ApiProperty({ type: 'integer', description: 'Of the case; also the ETag' })
  version!: number;
}
