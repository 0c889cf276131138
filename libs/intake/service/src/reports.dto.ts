import { ApiProperty } from '@nestjs/swagger';
import { reportReasons } from '@ringside/events';

const reasons = reportReasons.map(({ reason }) => reason);

export class ReceiptDto {
  @ApiProperty({ format: 'uuid', example: '019c1384-d400-7a3b-9f21-3a1b2c3d4e5f' })
  reportId!: string;

  @ApiProperty({ enum: ['received'] })
  status!: 'received';
}

export class ReportStatusDto {
  @ApiProperty({ format: 'uuid' })
  reportId!: string;

  @ApiProperty({ enum: reasons, description: 'The reason that was chosen in the dialog' })
  reason!: string;

  @ApiProperty({ format: 'date-time' })
  filedAt!: string;

  @ApiProperty({ enum: ['received', 'in_review', 'closed'] })
  status!: string;

  @ApiProperty({ type: 'string', enum: ['action_taken', 'no_action'], nullable: true, description: 'Never the sanction' })
  outcome!: string | null;
}

export class ReasonDto {
  @ApiProperty({ enum: reasons })
  reason!: string;

  @ApiProperty({ example: 'Aimbot or aim assistance' })
  label!: string;

  @ApiProperty({ type: [String], description: 'The teams that capture it; none where nobody owns it', example: ['cheating'] })
  teams!: string[];

  @ApiProperty({ description: 'Whether the dialog asks for a description' })
  needsDescription!: boolean;
}

/** A form that is taken as it stands. */
export const exampleForm = {
  game: 'arena',
  reporterId: 'player-1001',
  subjectId: 'player-2002',
  reason: 'aimbot',
  matchId: 'match-77',
  description: 'Snapped to every head through the wall.',
  occurredAt: '2026-01-31T12:00:00.000Z',
  evidence: {
    chat: [{ at: '2026-01-31T11:58:30.000Z', playerId: 'player-2002', text: 'too easy' }],
    replayUrl: 'https://replays.example.com/match-77',
    clientBuild: '1.4.2',
    telemetry: { headshotRatio: 0.97 },
  },
};

export const exampleBatch = [
  { game: 'arena', reporterId: 'player-1001', subjectId: 'player-2002', reason: 'spam' },
  { game: 'arena', reporterId: 'player-1003', subjectId: 'player-2002', reason: 'other', description: 'Hides in the floor.' },
]
  .map((form) => `${JSON.stringify(form)}\n`)
  .join('');
