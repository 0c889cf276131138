import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { visibleText } from '@ringside/core';
import { caseTextCharactersMax, sanctionHoursMax, sanctionKinds, sanctionsPerDecisionMax, verdicts } from '@ringside/events';
import type { SanctionKind, Verdict } from '@ringside/events';
import { OneLine, oneLineSchema } from '@ringside/platform';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

const textMax = caseTextCharactersMax.toLocaleString('en');

/** What a case worker writes: several lines, without control characters. */
export const CaseText = (description: string, example: string) =>
  applyDecorators(
    ApiProperty({ minLength: 1, maxLength: caseTextCharactersMax, description, example }),
    IsString({ message: 'must be a string' }),
    MaxLength(caseTextCharactersMax, { message: `must be at most ${textMax} characters` }),
    Matches(visibleText, { message: 'must not be empty' }),
    Matches(/^(?:[^\p{Cc}\p{Cs}]|[\t\n])*$/u, { message: 'must not contain control characters or broken Unicode' }),
  );

/** As a name is looked up and shown: with something to see, and nothing around it. */
const visibleName = new RegExp(`^(?!\\s)(?=.*${visibleText.source}).*\\S$`, 'su');

export class ReasonBody {
  @CaseText('Why. The next person reads it', 'Waits for the telemetry of match 9.')
  reason!: string;
}

export class HandOverBody extends ReasonBody {
  @ApiProperty({ ...oneLineSchema(128), description: 'Who goes on: the `sub` of their token', example: 'robin' })
  @IsString({ message: 'must be a string' })
  @Matches(visibleName, { message: 'must be a name that can be seen, without spaces around it' })
  @OneLine(128)
  to!: string;
}

export class NoteBody {
  @CaseText('For the team: players never see it', 'Same hardware as the banned account of May.')
  text!: string;
}

export class SanctionBody {
  @ApiProperty({ enum: sanctionKinds })
  @IsIn(sanctionKinds, { message: `must be ${sanctionKinds.join(', ')}` })
  kind!: SanctionKind;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: sanctionHoursMax,
    description: 'Mutes and suspensions need one, warnings have none, and a ban without one is permanent',
  })
  @IsOptional()
  @IsInt({ message: 'must be a whole number of hours' })
  @Min(1, { message: 'must be at least 1' })
  @Max(sanctionHoursMax, { message: `must be at most ${sanctionHoursMax.toLocaleString('en')}` })
  durationHours?: number;
}

export class DecideBody {
  @ApiProperty({ enum: verdicts })
  @IsIn(verdicts, { message: `must be ${verdicts.join(', ')}` })
  verdict!: Verdict;

  @ApiPropertyOptional({
    ...oneLineSchema(64),
    description:
      'The clause that was broken: needed where the verdict is uphold. `GET /v1/policy` lists those that the statement of reasons ' +
      'knows more of; another one is named in it as it is written here',
    example: 'fair-play/2.1',
  })
  @IsOptional()
  @IsString({ message: 'must be a string' })
  @Matches(visibleText, { message: 'must not be empty' })
  @OneLine(64)
  clause?: string;

  @CaseText(
    'On which facts. Part of the statement of reasons: the player reads it',
    'Tracks heads through smoke in three replays.',
  )
  facts!: string;

  @ApiPropertyOptional({ type: [SanctionBody], maxItems: sanctionsPerDecisionMax, default: [] })
  @IsOptional()
  @IsArray({ message: 'must be a list' })
  @ArrayMaxSize(sanctionsPerDecisionMax, { message: `must have at most ${sanctionsPerDecisionMax} sanctions` })
  @ValidateNested({ each: true, message: 'must be an object' })
  @Type(() => SanctionBody)
  sanctions?: SanctionBody[];
}

export class DecideAppealBody {
  @ApiProperty({
    enum: ['upheld', 'overturned'],
    description: 'upheld: the decision stands; overturned: it ends, with all it imposed',
  })
  @IsIn(['upheld', 'overturned'], { message: 'must be upheld or overturned' })
  outcome!: 'upheld' | 'overturned';

  @CaseText('On which facts. The player reads it', 'The replay shows another account.')
  facts!: string;
}
