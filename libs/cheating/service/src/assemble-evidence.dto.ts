import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { evidenceItemsMax, reportsPerStepMax } from '@ringside/events';
import { DateTime, dateTimeSchema, OneLine, oneLineSchema } from '@ringside/platform';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsOptional, IsString, Matches, MaxLength, ValidateNested } from 'class-validator';

const findingCharactersMax = 500;

export class TelemetryWindowBody {
  @ApiProperty({ ...oneLineSchema(128), description: 'The report that the telemetry came with' })
  @OneLine(128)
  reportId!: string;

  @ApiProperty({ ...dateTimeSchema('utc'), example: '2026-01-31T11:58:20.000Z' })
  @DateTime('utc')
  from!: string;

  @ApiProperty({ ...dateTimeSchema('utc'), example: '2026-01-31T11:58:24.500Z' })
  @DateTime('utc')
  to!: string;

  @ApiProperty({ minLength: 1, maxLength: findingCharactersMax, example: 'Turned by 170 degrees in 8 ms, twelve times.' })
  @IsString({ message: 'must be a string' })
  @MaxLength(findingCharactersMax, { message: `must be at most ${findingCharactersMax} characters` })
  @Matches(/\S/, { message: 'must not be empty' })
  @Matches(/^(?:[^\p{Cc}\p{Cs}]|[\t\n])*$/u, { message: 'must not contain control characters or broken Unicode' })
  finding!: string;
}

export class ReplayBody {
  @ApiProperty({
    ...oneLineSchema(128),
    description: 'The report that the replay came with: one that was filed in this region',
  })
  @OneLine(128)
  reportId!: string;
}

export class AssembleEvidenceBody {
  @ApiProperty({
    type: 'array',
    items: oneLineSchema(128),
    minItems: 1,
    maxItems: reportsPerStepMax,
    description: 'The open reports that the evidence is about',
  })
  @IsArray({ message: 'must be a list' })
  @ArrayMinSize(1, { message: 'must name a report' })
  @ArrayMaxSize(reportsPerStepMax, { message: `must name at most ${reportsPerStepMax.toLocaleString('en')} reports` })
  @OneLine(128, { each: true })
  reportIds!: string[];

  @ApiPropertyOptional({ type: [TelemetryWindowBody], maxItems: evidenceItemsMax, default: [] })
  @IsOptional()
  @IsArray({ message: 'must be a list' })
  @ArrayMaxSize(evidenceItemsMax, { message: `must have at most ${evidenceItemsMax} windows` })
  @ValidateNested({ each: true, message: 'must be an object' })
  @Type(() => TelemetryWindowBody)
  telemetry?: TelemetryWindowBody[];

  @ApiPropertyOptional({ type: [ReplayBody], maxItems: evidenceItemsMax, default: [] })
  @IsOptional()
  @IsArray({ message: 'must be a list' })
  @ArrayMaxSize(evidenceItemsMax, { message: `must have at most ${evidenceItemsMax} replays` })
  @ValidateNested({ each: true, message: 'must be an object' })
  @Type(() => ReplayBody)
  replays?: ReplayBody[];
}
