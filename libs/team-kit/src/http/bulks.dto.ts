import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { OneLine, oneLineSchema } from '@ringside/platform';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';

import { casesPerBulkMax } from '../bulk/bulks.js';

const casesMax = casesPerBulkMax.toLocaleString('en');

export class BulkFilter {
  @ApiPropertyOptional({
    enum: ['open', 'claimed', 'decided', 'all'],
    description: 'open where absent; claimed where absent and an assignee is given',
  })
  @IsOptional()
  @IsIn(['open', 'claimed', 'decided', 'all'], { message: 'must be open, claimed, decided or all' })
  status?: 'open' | 'claimed' | 'decided' | 'all';

  @ApiPropertyOptional({ pattern: '^[a-z][a-z0-9_]{0,63}$', example: 'aimbot' })
  @IsOptional()
  @Matches(/^[a-z][a-z0-9_]{0,63}$/, { message: 'must be a reason: lower-case letters, digits and _' })
  reason?: string;

  @ApiPropertyOptional({ ...oneLineSchema(128), example: 'stormfall' })
  @IsOptional()
  @OneLine(128)
  game?: string;

  @ApiPropertyOptional({ ...oneLineSchema(128), description: 'Who holds the cases' })
  @IsOptional()
  @OneLine(128)
  assignee?: string;
}

export class BulkBody {
  @ApiPropertyOptional({
    type: 'array',
    items: oneLineSchema(128),
    minItems: 1,
    maxItems: casesPerBulkMax,
    uniqueItems: true,
    description: 'The cases; or give a filter',
  })
  @IsOptional()
  @IsArray({ message: 'must be a list' })
  @ArrayMinSize(1, { message: 'must name a case' })
  @ArrayMaxSize(casesPerBulkMax, { message: `must name at most ${casesMax} cases` })
  @ArrayUnique({ message: 'must name each case once' })
  @OneLine(128, { each: true })
  caseIds?: string[];

  @ApiPropertyOptional({ type: BulkFilter, description: `The cases of a list, at most ${casesMax} of them` })
  @IsOptional()
  @IsObject({ message: 'must be an object' })
  @ValidateNested()
  @Type(() => BulkFilter)
  filter?: BulkFilter;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: '`kind` (claim, release, hand_over, hold, resume, note, escalate, decide) and the fields of that command',
    example: { kind: 'note', text: 'Part of the raid of the 31st.' },
  })
  @IsObject({ message: 'must be an object' })
  command!: Record<string, unknown>;

  @ApiPropertyOptional({ default: true, description: 'Only say what would come of it. False does it' })
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  dryRun?: boolean;
}

export class BulkResultDto {
  @ApiProperty()
  caseId!: string;

  @ApiProperty({ description: '`done`, or the code of what is in the way', example: 'done' })
  outcome!: string;

  @ApiPropertyOptional()
  detail?: string;

  @ApiPropertyOptional({ type: 'integer' })
  version?: number;

  @ApiPropertyOptional()
  decisionId?: string;

  @ApiPropertyOptional()
  pendingApproval?: boolean;
}

class RejectionDto {
  @ApiProperty()
  by!: string;

  @ApiProperty()
  reason!: string;
}

export class BulkDto {
  @ApiPropertyOptional({ type: 'string', description: 'Absent for a dry run' })
  bulkId?: string;

  @ApiProperty({ enum: ['dry_run', 'pending_approval', 'rejected', 'running', 'done', 'undoing', 'undone'] })
  state!: string;

  @ApiProperty({ type: 'object', additionalProperties: true })
  command!: object;

  @ApiProperty()
  requestedBy!: string;

  @ApiPropertyOptional({ type: 'string', nullable: true })
  approvedBy?: string | null;

  @ApiPropertyOptional({ type: RejectionDto, nullable: true, description: 'Who would not have it done, and why' })
  rejected?: RejectionDto | null;

  @ApiPropertyOptional({ type: 'string', nullable: true })
  undoneBy?: string | null;

  @ApiProperty({ type: 'integer' })
  cases!: number;

  @ApiPropertyOptional({ type: 'integer', description: 'Cases that have a result' })
  finished?: number;

  @ApiProperty({ type: [BulkResultDto] })
  results!: BulkResultDto[];

  @ApiPropertyOptional({ type: [BulkResultDto] })
  undoResults?: BulkResultDto[];
}

export class BulkParams {
  @ApiProperty({ maxLength: 128 })
  @IsString({ message: 'must be a string' })
  @MaxLength(128, { message: 'must be at most 128 characters' })
  bulkId!: string;
}
