import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { chatLinesMax } from '@ringside/events';
import { OneLine, oneLineSchema } from '@ringside/platform';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

const messageFault = `must be a whole number from -1 to ${chatLinesMax - 1}`;
const severityFault = 'must be a whole number from 0 to 10';

export class ReviewMessageBody {
  @ApiProperty(oneLineSchema(128))
  @OneLine(128)
  reportId!: string;

  @ApiProperty({
    type: 'integer',
    minimum: -1,
    maximum: chatLinesMax - 1,
    description: "Which line of the report's chat, from 0 on; -1 for its description",
  })
  @IsInt({ message: messageFault })
  @Min(-1, { message: messageFault })
  @Max(chatLinesMax - 1, { message: messageFault })
  message!: number;

  @ApiPropertyOptional({
    ...oneLineSchema(64),
    description: 'The clause that it breaks, if any. `GET /v1/policy` lists those that are known; others are taken as well',
    example: 'conduct/1.1',
  })
  @IsOptional()
  @OneLine(64)
  clause?: string;

  @ApiProperty({ type: 'integer', minimum: 0, maximum: 10, description: '0: harmless; 10: a danger to somebody' })
  @IsInt({ message: severityFault })
  @Min(0, { message: severityFault })
  @Max(10, { message: severityFault })
  severity!: number;
}
